// IPv4 routes: RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE, rtnetlink(7).
//
//   | family(1) | destination length(1) | source length(1) | TOS(1) | table(1) | protocol(1) | scope(1) | type(1) | flags(4) |

import { DecodeError } from '../wire/errors.ts';
import { ipv4 } from '../wire/values.ts';
import {
  AF_INET,
  decodeAttributes,
  MessageFlag,
  MessageType,
  type NetlinkMessage,
  nested,
  RequestWriter,
  readU32,
  viewOf,
} from './message.ts';

export interface Route {
  readonly prefix: string;
  readonly prefixLength: number;
  /** Index of the device it leads out of. */
  readonly device?: number;
  readonly nextHop?: string;
  /** Preferred source address of our own packets. */
  readonly source?: string;
  readonly mtu?: number;
  /** Linux calls it priority: the lower one wins. */
  readonly metric?: number;
  /** What takes it is dropped; it has no device. */
  readonly blackhole?: true;
}

export interface RouteNotice extends Route {
  /** Who put it there: `ROUTE_PROTOCOL` is us. */
  readonly protocol: number;
  readonly table: number;
  /** 1 is a route to somewhere else, 2 a local address, 3 a broadcast address. */
  readonly type: number;
  readonly removed: boolean;
}

/** Marks the routes we add, so that what a crash left behind can be told from the administrator's (rtm_protocol). */
export const ROUTE_PROTOCOL = 171;
export const TABLE_MAIN = 254;

/** Takes the place of an equal route. */
export function encodeRouteAddition(route: Route): Uint8Array {
  return encodeRoute(MessageType.NewRoute, MessageFlag.Create | MessageFlag.Replace, route);
}

/** Removes only a route that we added; its source and MTU may have changed since. */
export function encodeRouteRemoval({ source: _source, mtu: _mtu, ...route }: Route): Uint8Array {
  return encodeRoute(MessageType.DelRoute, 0, route);
}

/** Which route, and which source address, would a packet to `destination` take? */
export function encodeRouteQuery(destination: string): Uint8Array {
  const w = new RequestWriter(MessageType.GetRoute, 0);
  w.u8(AF_INET).u8(32).u8(0).u8(0).u8(0).u8(0).u8(0).u8(0).u32(0);
  return w.attribute(RTA_DST, ipv4.encode(destination)).finish();
}

export function encodeRouteDump(): Uint8Array {
  const w = new RequestWriter(MessageType.GetRoute, MessageFlag.Dump);
  return w.u8(AF_INET).u8(0).u8(0).u8(0).u8(0).u8(0).u8(0).u8(0).u32(0).finish();
}

/** Undefined if the message is about something else, IPv6 included. */
export function decodeRoute(message: NetlinkMessage): RouteNotice | undefined {
  if (message.type !== MessageType.NewRoute && message.type !== MessageType.DelRoute) return undefined;
  if (message.payload.length < HEADER) throw new DecodeError('truncated', 0, 'a route header of 12 octets');
  const view = viewOf(message.payload);
  if (view.getUint8(0) !== AF_INET) return undefined;
  const attributes = decodeAttributes(message.payload, HEADER);
  const destination = attributes.get(RTA_DST);
  const nextHop = attributes.get(RTA_GATEWAY);
  const source = attributes.get(RTA_PREFSRC);
  const device = readU32(attributes.get(RTA_OIF));
  const metric = readU32(attributes.get(RTA_PRIORITY));
  const metrics = attributes.get(RTA_METRICS);
  const mtu = metrics === undefined ? undefined : readU32(decodeAttributes(metrics, 0).get(RTAX_MTU));
  return {
    prefix: destination === undefined ? '0.0.0.0' : ipv4.decode(destination),
    prefixLength: view.getUint8(1),
    ...(device === undefined ? {} : { device }),
    ...(nextHop === undefined ? {} : { nextHop: ipv4.decode(nextHop) }),
    ...(source === undefined ? {} : { source: ipv4.decode(source) }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(view.getUint8(7) === RTN_BLACKHOLE ? { blackhole: true } : {}),
    ...(metric === undefined ? {} : { metric }),
    protocol: view.getUint8(5),
    table: readU32(attributes.get(RTA_TABLE)) ?? view.getUint8(4),
    type: view.getUint8(7),
    removed: message.type === MessageType.DelRoute,
  };
}

function encodeRoute(type: number, flags: number, route: Route): Uint8Array {
  const w = new RequestWriter(type, flags | MessageFlag.Acknowledge);
  const direct = route.nextHop === undefined && route.blackhole === undefined;
  const scope = type === MessageType.DelRoute ? RT_SCOPE_NOWHERE : direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  const kind = route.blackhole === true ? RTN_BLACKHOLE : RTN_UNICAST;
  w.u8(AF_INET).u8(route.prefixLength).u8(0).u8(0).u8(TABLE_MAIN).u8(ROUTE_PROTOCOL).u8(scope).u8(kind).u32(0);
  if (route.prefixLength > 0) w.attribute(RTA_DST, ipv4.encode(route.prefix));
  if (route.device !== undefined) w.u32Attribute(RTA_OIF, route.device);
  if (route.nextHop !== undefined) w.attribute(RTA_GATEWAY, ipv4.encode(route.nextHop));
  if (route.source !== undefined) w.attribute(RTA_PREFSRC, ipv4.encode(route.source));
  if (route.metric !== undefined) w.u32Attribute(RTA_PRIORITY, route.metric);
  if (route.mtu !== undefined) w.attribute(RTA_METRICS, nested([[RTAX_MTU, route.mtu]]));
  return w.finish();
}

const HEADER = 12;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_NOWHERE = 255;
const RTN_UNICAST = 1;
const RTN_BLACKHOLE = 6;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_METRICS = 8;
const RTA_TABLE = 15;
const RTAX_MTU = 2;
