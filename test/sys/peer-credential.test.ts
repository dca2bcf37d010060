// SO_PEERCRED and SO_PEERGROUPS: the kernel's word on who connected.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { descriptorOf } from '../../src/mgmt/control-socket.ts';
import { peerCredential, peerGroups } from '../../src/sys/peer-credential.ts';

test('the peer of a Unix socket is this very process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-peer-'));
  const path = join(folder, 'socket');
  const server = createServer().listen(path);
  await once(server, 'listening');
  const client = connect(path);
  const [accepted] = (await once(server, 'connection')) as [Socket];
  try {
    const { pid, uid, gid } = peerCredential(descriptorOf(accepted)!);
    assert.deepEqual([pid, uid, gid], [process.pid, process.getuid!(), process.getgid!()]);
    assert.deepEqual(new Set([gid, ...peerGroups(descriptorOf(accepted)!)]), new Set(process.getgroups!()).add(gid));
  } finally {
    client.destroy();
    accepted.destroy();
    server.close();
    rmSync(folder, { recursive: true });
  }
});
