// How a message leaves: to which address, from which, and what its outer IP header says (RFC 3931 §4.1). All of it is in the
// session's row; Linux writes the header.

import * as header from '../sys/message-header.ts';
import type { Arena } from './arena.ts';
import { Flag, Row } from './layout.ts';
import type { SessionTable } from './session-table.ts';

export class Outer {
  readonly #table: SessionTable;
  readonly #arena: Arena;

  constructor(table: SessionTable, arena: Arena) {
    this.#table = table;
    this.#arena = arena;
  }

  /** Writes the peer's address to `name`; the number of its octets. */
  writeName(row: number, name: number): number {
    const { view } = this.#arena;
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const port = words[word + Row.Ports]! & 0xffff;
    if ((words[word + Row.Flags]! & Flag.Ipv6) === 0) {
      header.writeSocketAddress(view, name, words[word + Row.PeerAddress]!, port);
      return header.SOCKADDR_IN_SIZE;
    }
    header.writeSocketAddress6(view, name, port);
    for (let index = 0; index < 4; index++) {
      view.setInt32(name + header.SOCKADDR_IN6_ADDRESS + index * 4, words[word + Row.PeerIpv6 + index]!);
    }
    return header.SOCKADDR_IN6_SIZE;
  }

  /** Writes the control messages to `control`; the number of their octets. `tos` counts for L2TPv3 only. */
  writeControl(row: number, control: number, tos: number): number {
    const { view } = this.#arena;
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    if ((flags & Flag.Ipv6) !== 0) return this.#writeControl6(word, flags, control, tos);
    // From the address the peer knows us by, whatever the routing table would choose.
    header.writePacketInfo(view, control, words[word + Row.LocalAddress]!);
    if ((flags & Flag.V3) === 0) return header.CMSG_PKTINFO_SPACE;
    const at = control + header.CMSG_PKTINFO_SPACE;
    header.writeNumber(view, at, header.SOL_IP, header.IP_TOS, tos);
    header.writeNumber(view, at + header.CMSG_INT_SPACE, header.SOL_IP, header.IP_TTL, words[word + Row.Outer]! >>> 8);
    return header.CMSG_PKTINFO_SPACE + 2 * header.CMSG_INT_SPACE;
  }

  #writeControl6(word: number, flags: number, control: number, tos: number): number {
    const { view } = this.#arena;
    const words = this.#table.words;
    header.writePacketInfo6(view, control);
    for (let index = 0; index < 4; index++) {
      view.setInt32(control + header.CMSG_DATA + index * 4, words[word + Row.LocalIpv6 + index]!);
    }
    if ((flags & Flag.V3) === 0) return header.CMSG_PKTINFO6_SPACE;
    const { SOL_IPV6, CMSG_INT_SPACE, IPV6_TCLASS, IPV6_HOPLIMIT } = header;
    const at = control + header.CMSG_PKTINFO6_SPACE;
    header.writeNumber(view, at, SOL_IPV6, IPV6_TCLASS, tos);
    header.writeNumber(view, at + CMSG_INT_SPACE, SOL_IPV6, IPV6_HOPLIMIT, words[word + Row.Outer]! >>> 8);
    return header.CMSG_PKTINFO6_SPACE + 2 * CMSG_INT_SPACE;
  }
}

/** The longest: that of IPv6, and a segment size behind it. */
export const CONTROL_SIZE = 112;
