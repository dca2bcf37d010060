// The UDP socket of tunnels, over the loopback.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Epoll, EventFd } from '../../src/sys/epoll.ts';
import { check, Errno, errnoName } from '../../src/sys/errno.ts';
import { addressOf, close, lastErrno } from '../../src/sys/libc.ts';
import { sourceAddressTowards, UdpSocket } from '../../src/sys/socket.ts';
import { Tun } from '../../src/sys/tun.ts';
import { SystemError } from '../../src/wire/errors.ts';
import { waitReadable } from '../dataplane/harness/readable.ts';

const towards = (port: number, localAddress = '127.0.0.1', peerAddress = '127.0.0.1') => ({
  ...{ localAddress, localPort: 1701, peerAddress, peerPort: port },
});

describe('the UDP socket', () => {
  it('RFC 2661 §8.1: a datagram leaves from the address and port its path says', async () => {
    const peer = createSocket('udp4').bind(0, '127.0.0.1');
    await once(peer, 'listening');
    const socket = UdpSocket.open({ port: 0 });
    const received = once(peer, 'message');
    assert.equal(socket.sendDatagram(towards(peer.address().port, '127.0.0.7'), Uint8Array.of(1, 2, 3)), undefined);
    const [octets, from] = (await received) as [Buffer, { address: string; port: number }];
    assert.deepEqual([...octets], [1, 2, 3]);
    assert.deepEqual([from.address, from.port], ['127.0.0.7', socket.localPort]);
    socket.close();
    peer.close();
  });

  it('what Linux does not send is said by its name, not thrown', () => {
    const socket = UdpSocket.open({ port: 0 });
    assert.match(String(socket.sendDatagram(towards(1701, '192.0.2.77'), Uint8Array.of(1))), /^E[A-Z]+$/);
    assert.equal(socket.sendDatagram(towards(0), Uint8Array.of(1)), 'EINVAL');
    assert.equal(socket.sendDatagram(towards(1701, '::1', '::1'), Uint8Array.of(1)), 'EAFNOSUPPORT');
    assert.equal(socket.sendDatagram(towards(1701), new Uint8Array(65508)), 'EMSGSIZE');
    assert.equal(socket.sendDatagram(towards(9), new Uint8Array(65507)), undefined);
    socket.close();
  });

  it('a port that is taken is an error with its name', () => {
    const socket = UdpSocket.open({ port: 0 });
    assert.throws(
      () => UdpSocket.open({ port: socket.localPort }),
      (error: SystemError) => error.errno === 'EADDRINUSE' && error.syscall === 'bind',
    );
    socket.close();
  });

  it('the source towards an address is the one of its route', () => {
    assert.equal(sourceAddressTowards('127.0.0.9'), '127.0.0.1');
    assert.equal(sourceAddressTowards('::1'), '::1');
    assert.equal(sourceAddressTowards('not an address'), undefined);
  });
});

describe('errors', () => {
  it('a call that fails throws its name and errno', () => {
    assert.throws(
      () => check(close(-1), 'close', 'of nothing'),
      (error: SystemError) =>
        error instanceof SystemError && error.errno === 'EBADF' && /of nothing/.test(error.message),
    );
  });

  it('numbers have the names of Linux', () => {
    assert.deepEqual([1, 11, 90, 98, 101].map(errnoName), ['EPERM', 'EAGAIN', 'EMSGSIZE', 'EADDRINUSE', 'ENETUNREACH']);
    for (const [name, errno] of Object.entries(Errno)) assert.equal(errnoName(errno), name);
    assert.equal(errnoName(4095), 'errno 4095');
  });

  it('errno is that of the call just made', () => {
    close(-1);
    assert.equal(lastErrno(), Errno.EBADF);
  });
});

describe('readiness', () => {
  it('a signalled event descriptor is readable until it is cleared', () => {
    const event = new EventFd();
    assert.equal(waitReadable(event.fd, 0), false);
    event.signal();
    event.signal();
    assert.equal(waitReadable(event.fd, 0), true);
    event.clear();
    assert.equal(waitReadable(event.fd, 0), false);
    event.close();
  });

  it('removing what is not waited for is no error', () => {
    const epoll = new Epoll();
    epoll.remove(-1);
    epoll.close();
  });
});

describe('memory', () => {
  it('a small array stays where it is', () => {
    const octets = new Uint8Array(3);
    const before = addressOf(octets);
    // Enough garbage to move whatever can be moved.
    for (let index = 0; index < 1e6; index++) new Uint8Array(3).fill(1);
    assert.equal(addressOf(octets), before);
  });
});

describe('TUN devices', () => {
  it('names Linux cannot take are refused before it is asked', () => {
    for (const name of ['', 'a-name-of-16-octe']) {
      assert.throws(
        () => Tun.open(name),
        (error: SystemError) => error.errno === 'EINVAL',
      );
    }
  });
});
