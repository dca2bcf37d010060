// A session as the router names it, as the workers' table takes it; and the messages of sessions that the control thread sends.

import type { SessionRow, V3Row } from '../dataplane/session-row.ts';
import { HeaderBit, headerFlags, putWord, tunnelIdOffset, wordAt } from '../l2tp/header.ts';
import {
  kindOf,
  SESSION_ID_LENGTH,
  sequenceOf,
  sessionIdOf,
  sessionIdOffset,
  sublayerWord,
} from '../l2tp/v3/header.ts';
import type { DataSession, V3Data } from '../vpdn/events.ts';
import { LocalError } from '../wire/errors.ts';
import { type Path, parseIpv4 } from '../wire/ip.ts';
import { formatIpv6, readIpv6 } from '../wire/ipv6.ts';

/** `device`: the index of the session's device. */
export function sessionRow(session: DataSession, device: number): SessionRow {
  const { path, v3, gre, compression, compressionFlushes } = session;
  const local = readIpv6(path.localAddress);
  const peer = readIpv6(path.peerAddress);
  if ((local === undefined) !== (peer === undefined)) {
    throw new LocalError('address-family', `${path.localAddress} and ${path.peerAddress}`);
  }
  return {
    localTunnel: session.localTunnel,
    localSession: session.localSession,
    peerTunnel: session.peerTunnel,
    peerSession: session.peerSession,
    localAddress: local === undefined ? parseIpv4(path.localAddress) : 0,
    localPort: path.localPort,
    peerAddress: peer === undefined ? parseIpv4(path.peerAddress) : 0,
    peerPort: path.peerPort,
    ...(local === undefined || peer === undefined ? {} : { ipv6: { local, peer } }),
    device,
    networkUp: session.networkUp,
    strictSource: session.strictSource,
    sendAcfc: session.sendAcfc,
    sendPfc: session.sendPfc,
    sequencing: session.sequencing,
    mtu: session.mtu,
    mssClamp: session.mssClamp,
    ...(session.discoverMtu && { discoverMtu: true }),
    ...(v3 === undefined ? {} : { v3: v3Row(path, v3) }),
    ...(gre === undefined ? {} : { gre }),
    ...(compression === undefined ? {} : { compression }),
    ...(compressionFlushes === undefined ? {} : { compressionFlushes }),
  };
}

function v3Row(path: Path, { payload, outer, ...v3 }: V3Data): V3Row {
  return { ...v3, ...outer, overIp: path.transport === 'ip', ethernet: payload === 'ethernet' };
}

/** The session that a data message to its peer belongs to, as text; undefined: it is a control message, or none at all. */
export function outgoingKey(path: Path, octets: Uint8Array): string | undefined {
  if (isV3(path, octets)) {
    const isData = octets.length >= sessionIdOffset(path) + SESSION_ID_LENGTH && kindOf(path, octets) === 'data';
    return isData ? keyOf(path, 0, sessionIdOf(path, octets)) : undefined;
  }
  const flags = headerFlags(octets, 0, octets.length);
  if (flags < 0 || (flags & HeaderBit.T) !== 0) return undefined;
  const at = tunnelIdOffset(flags);
  return at + 4 <= octets.length ? keyOf(path, wordAt(octets, at), wordAt(octets, at + 2)) : undefined;
}

/** The same of the session itself. */
export function outgoingKeyOf({ path, peerTunnel, peerSession }: DataSession): string {
  return keyOf(path, peerTunnel, peerSession);
}

/** Has a data message that carries a number carry the next one of the session. */
export function numberMessage(session: DataSession, octets: Uint8Array, next: () => number): void {
  const { v3, path } = session;
  if (v3 === undefined) {
    const flags = headerFlags(octets, 0, octets.length);
    if ((flags & HeaderBit.S) !== 0) putWord(octets, tunnelIdOffset(flags) + 4, next() & 0xffff);
    return;
  }
  const at = sessionIdOffset(path) + SESSION_ID_LENGTH + v3.peerCookie.length;
  if (!v3.sendSublayer || at + 4 > octets.length) return;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  if (sequenceOf(view.getUint32(at)) !== undefined) view.setUint32(at, sublayerWord(next() & 0xffffff));
}

function isV3(path: Path, octets: Uint8Array): boolean {
  return path.transport === 'ip' || (octets.length >= 2 && (wordAt(octets, 0) & HeaderBit.Ver) === 3);
}

function keyOf({ transport, peerAddress, peerPort }: Path, peerTunnel: number, peerSession: number): string {
  const words = readIpv6(peerAddress);
  const address = words === undefined ? peerAddress : formatIpv6(words);
  return `${transport ?? 'udp'} ${address} ${transport === 'ip' ? 0 : peerPort} ${peerTunnel} ${peerSession}`;
}
