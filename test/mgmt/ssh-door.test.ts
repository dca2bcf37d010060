// Who may knock at the SSH server: the lines that take it, access lists, and how many may stand at the door.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { lineFor, sshPort, Threshold } from '../../src/mgmt/ssh-door.ts';

const configured = (text: string) => {
  const { configuration, errors } = loadConfiguration(text);
  assert.deepEqual(errors, []);
  return configuration;
};
const free = () => true;
const VTY = 'line vty 0 4\n login local\n transport input ssh\n';

test('nothing listens until a vty line takes SSH and asks for a name', () => {
  assert.equal(sshPort(configured('')), undefined);
  assert.equal(sshPort(configured('line vty 0 4\n transport input ssh\n')), undefined);
  assert.equal(sshPort(configured('line vty 0 4\n login local\n')), undefined);
  assert.equal(sshPort(configured('line vty 0 4\n login local\n transport input none\n')), undefined);
  assert.equal(sshPort(configured(VTY)), 22);
  assert.equal(sshPort(configured(`${VTY}ip ssh port 2022\n`)), 2022);
});

test('the lowest free line that takes SSH is used, and there are no more than there are lines', () => {
  const configuration = configured(VTY);
  assert.equal(lineFor(configuration, '192.0.2.9', free), 0);
  assert.equal(
    lineFor(configuration, '192.0.2.9', (index) => index > 3),
    4,
  );
  assert.equal(
    lineFor(configuration, '192.0.2.9', () => false),
    undefined,
  );
});

test('H01: an access class lets in whom its list permits; a list that is not there lets in nobody', () => {
  const listed = configured(`access-list 10 permit 192.0.2.0 0.0.0.255\n${VTY} access-class 10 in\n`);
  assert.equal(lineFor(listed, '192.0.2.9', free), 0);
  assert.equal(lineFor(listed, '198.51.100.9', free), undefined);
  const absent = configured(`${VTY} access-class 11 in\n`);
  assert.equal(lineFor(absent, '192.0.2.9', free), undefined);
});

test('few may stand at the door at once, fewer from one address, and who leaves makes room', () => {
  const threshold = new Threshold();
  const ofOne = Array.from({ length: 5 }, () => threshold.enter('192.0.2.1'));
  assert.deepEqual(ofOne, [true, true, true, true, false]);
  const others = Array.from({ length: 8 }, (_, index) => threshold.enter(`192.0.2.${10 + index}`));
  assert.equal(others.filter((entered) => entered).length, 6);
  threshold.leave('192.0.2.1');
  assert.equal(threshold.enter('192.0.2.1'), true);
});
