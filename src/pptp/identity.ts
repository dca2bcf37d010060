// Who the two ends are, as Start-Control-Connection-Request and -Reply say it (RFC 2637 §2.1, §2.2).

import type { ConnectionSettings, PeerIdentity } from './events.ts';
import { type Fields, PROTOCOL_VERSION } from './message.ts';

/** `settings`: undefined when nobody decided who we are to this peer. */
export function ownIdentity(settings: ConnectionSettings | undefined, maximumChannels: number): Fields<'SCCRQ'> {
  const { localName: hostName = '', vendorName = '' } = settings ?? {};
  const kinds = { framingCapabilities: ALL_KINDS, bearerCapabilities: ALL_KINDS, maximumChannels };
  return { protocolVersion: PROTOCOL_VERSION, ...kinds, firmwareRevision: FIRMWARE_REVISION, hostName, vendorName };
}

export function identityOf(fields: Fields<'SCCRQ'> | Fields<'SCCRP'>): PeerIdentity {
  const { hostName, vendorName, firmwareRevision, protocolVersion } = fields;
  const { framingCapabilities, bearerCapabilities, maximumChannels } = fields;
  const kinds = { framingCapabilities, bearerCapabilities, maximumChannels };
  return { hostName, vendorName, firmwareRevision, protocolVersion, ...kinds };
}

/** Framing and bearer capabilities are bits: asynchronous or analog 1, synchronous or digital 2. A tunnel does not care. */
const ALL_KINDS = 3;
const FIRMWARE_REVISION = 1;
