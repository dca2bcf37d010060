// The limits of a vpdn-template, with whole routers: of each group (C078), and of all its groups together (C066).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { emptyVpdnTemplate, type VpdnTemplate } from '../../src/vpdn/configuration-vpdn.ts';
import { UNNAMED_TEMPLATE } from '../../src/vpdn/vpdn-template.ts';
import { CLIENT, negotiatingClient, poolServer, SERVER } from './guide.ts';
import { World } from './world.ts';

test('C066: group session-limit of a template counts the sessions of all its groups', () => {
  const lns = callsOf((template) => {
    template.groupSessionLimit = 1;
  });
  assert.equal(lns.router.view(0).sessions.length, 1);
  assert.ok(lns.logs.some((line) => line.includes('%VPDN-6-MAX_SESS_EXCD')));
});

test('C066: a group that has its values elsewhere does not count', () => {
  const lns = callsOf(
    (template) => {
      template.groupSessionLimit = 1;
    },
    (server) => {
      server.vpdnGroups.get('beta')!.template = { kind: 'none' };
    },
  );
  const callers = lns.router.view(0).sessions.map(({ remoteName }) => remoteName);
  assert.deepEqual(callers.sort(), ['alpha', 'beta']);
});

test('C078: session-limit of a template is that of each of its groups', () => {
  const lns = callsOf((template) => {
    template.sessionLimit = 1;
  });
  const callers = lns.router.view(0).sessions.map(({ remoteName }) => remoteName);
  assert.deepEqual(callers.sort(), ['alpha', 'beta']);
});

test('C078: the limit of the group wins over that of its template', () => {
  const lns = callsOf(
    (template) => {
      template.sessionLimit = 1;
    },
    (server) => {
      server.vpdnGroups.get('beta')!.sessionLimit = 0;
    },
  );
  assert.deepEqual(
    lns.router.view(0).sessions.map(({ remoteName }) => remoteName),
    ['alpha'],
  );
});

/** Clients of two groups have called for a while, alpha for two sessions; the limits are those that `limit` sets. */
function callsOf(limit: (template: VpdnTemplate) => void, also: (server: Configuration) => void = () => undefined) {
  const server = poolServer('10.3.0.1', '10.3.0.9');
  const group = server.vpdnGroups.get('l2tpgroup1')!;
  server.vpdnGroups.clear();
  for (const name of ['alpha', 'beta']) {
    server.vpdnGroups.set(name, { ...structuredClone(group), name, terminateFrom: name });
  }
  const template = emptyVpdnTemplate(UNNAMED_TEMPLATE);
  limit(template);
  server.vpdnTemplates.set(UNNAMED_TEMPLATE, template);
  also(server);
  const world = new World(1);
  const lns = world.add('server', SERVER, server);
  world.add('alpha', CLIENT, negotiatingClient('alpha', 2));
  world.add('beta', '172.16.32.25', negotiatingClient('beta'));
  world.run(3000);
  return lns;
}
