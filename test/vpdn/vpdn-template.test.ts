// What a vpdn-group takes of its vpdn-template: the law is "own value, else the template's, else the built-in one" (C066).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import {
  emptyVpdnGroup,
  emptyVpdnTemplate,
  type VpdnGroup,
  type VpdnTemplate,
} from '../../src/vpdn/configuration-vpdn.ts';
import { acceptedTunnelSettings } from '../../src/vpdn/defaults.ts';
import { chooseGroup } from '../../src/vpdn/vpdn-group.ts';
import { groupInForce, templateOf, UNNAMED_TEMPLATE } from '../../src/vpdn/vpdn-template.ts';

test('C066: the unnamed template serves the groups that name none', () => {
  const { configuration, group } = world();
  withTemplate(configuration, UNNAMED_TEMPLATE).l2tp.hello = 30;
  assert.equal(acceptedTunnelSettings(configuration, group, 'peer1').helloInterval, 30_000);
});

test('C094: a group that names a template has nothing of the unnamed one', () => {
  const { configuration, group } = world();
  withTemplate(configuration, UNNAMED_TEMPLATE).l2tp.hello = 30;
  withTemplate(configuration, 'one').l2tp.setupTimeout = 100;
  group.template = { kind: 'named', name: 'one' };
  const settings = acceptedTunnelSettings(configuration, group, 'peer1');
  assert.equal(settings.helloInterval, 60_000);
  assert.equal(settings.setupTimeout, 100_000);
});

test('C094: no source vpdn-template leaves the built-in values', () => {
  const { configuration, group } = world();
  withTemplate(configuration, UNNAMED_TEMPLATE).l2tp.hello = 30;
  group.template = { kind: 'none' };
  assert.equal(acceptedTunnelSettings(configuration, group, 'peer1').helloInterval, 60_000);
});

test('C094: a template that is not configured is none', () => {
  const { configuration, group } = world();
  withTemplate(configuration, UNNAMED_TEMPLATE).l2tp.hello = 30;
  group.template = { kind: 'named', name: 'missing' };
  assert.equal(templateOf(configuration, group), undefined);
  assert.equal(acceptedTunnelSettings(configuration, group, 'peer1').helloInterval, 60_000);
});

test('C066: what the group says comes before what its template says, off before on as well', () => {
  const { configuration, group } = world();
  const template = withTemplate(configuration, UNNAMED_TEMPLATE);
  template.l2tp = { ...template.l2tp, authentication: false, hidden: true, hello: 30 };
  template.localName = 'of-template';
  group.l2tp = { ...group.l2tp, authentication: true, hidden: false, hello: 0 };
  group.localName = 'of-group';
  const settings = acceptedTunnelSettings(configuration, group, 'peer1');
  assert.deepEqual(
    [settings.authentication, settings.hidden, settings.helloInterval, settings.localName],
    [true, false, 0, 'of-group'],
  );
});

test('C066: every tunnel setting comes from the template where the group is silent', () => {
  const { configuration, group } = world();
  const template = withTemplate(configuration, UNNAMED_TEMPLATE);
  template.localName = 'lns';
  template.l2tp = {
    authentication: false,
    password: { type: 0, text: 's3cret' },
    hidden: true,
    hello: 7,
    receiveWindow: 9,
    retransmit: { retries: 6, timeoutMin: 2 },
    setupTimeout: 61,
    noSessionTimeout: 'never',
  };
  const settings = acceptedTunnelSettings(configuration, group, 'peer1');
  assert.equal(settings.localName, 'lns');
  assert.equal(settings.authentication, false);
  assert.deepEqual(settings.secret, new TextEncoder().encode('s3cret'));
  assert.equal(settings.hidden, true);
  assert.equal(settings.helloInterval, 7_000);
  assert.equal(settings.receiveWindowSize, 9);
  assert.equal(settings.retransmit.retries, 6);
  assert.equal(settings.retransmit.timeoutMin, 2_000);
  assert.equal(settings.setupTimeout, 61_000);
  assert.equal(settings.noSessionTimeout, Number.POSITIVE_INFINITY);
});

test('C066: the parameters of retransmission are inherited one by one', () => {
  const { configuration, group } = world();
  withTemplate(configuration, UNNAMED_TEMPLATE).l2tp.retransmit = { retries: 6, timeoutMax: 4 };
  group.l2tp.retransmit = { retries: 20 };
  const { retransmit } = acceptedTunnelSettings(configuration, group, 'peer1');
  assert.equal(retransmit.retries, 20);
  assert.equal(retransmit.timeoutMax, 4_000);
});

test('the group itself is not changed by what is in force', () => {
  const { configuration, group } = world();
  withTemplate(configuration, UNNAMED_TEMPLATE).l2tp.hello = 30;
  const before = structuredClone(group);
  groupInForce(configuration, group);
  assert.deepEqual(group, before);
});

test('C077: the address of the template, and else vpdn source-ip, says which tunnels a group takes', () => {
  const { configuration, group } = world();
  configuration.vpdn.sourceAddress = '192.0.2.1';
  const taken = (address: string) => chooseGroup(configuration, 'peer1', address).found;
  assert.deepEqual([taken('192.0.2.1'), taken('192.0.2.2')], [true, false]);
  withTemplate(configuration, UNNAMED_TEMPLATE).sourceAddress = '192.0.2.2';
  assert.deepEqual([taken('192.0.2.1'), taken('192.0.2.2')], [false, true]);
  group.sourceAddress = '192.0.2.3';
  assert.deepEqual([taken('192.0.2.2'), taken('192.0.2.3')], [false, true]);
});

function world(): { configuration: Configuration; group: VpdnGroup } {
  const configuration = emptyConfiguration();
  configuration.vpdn.enabled = true;
  const group = { ...emptyVpdnGroup('g'), acceptDialin: { protocol: 'l2tp' as const } };
  configuration.vpdnGroups.set('g', group);
  return { configuration, group };
}

function withTemplate(configuration: Configuration, name: string): VpdnTemplate {
  const template = emptyVpdnTemplate(name);
  configuration.vpdnTemplates.set(name, template);
  return template;
}
