// Why lines of other routers do nothing here: what is lost with each family, and what does the same on Linux.

import { notSupported, withoutEffect } from '../../tree.ts';

export const NO_RADIUS = notSupported('AAA by RADIUS is not built yet: users are those of `username`');
export const NO_TACACS = notSupported('TACACS+ is not built: users are those of `username`');
export const NO_ROUTING = notSupported(
  'no routes are exchanged here: run FRR on this host, it sees the routes of calls in the kernel',
);
export const ONLY_IP = notSupported('only IP is routed here');
export const NO_ROUTE_POLICY = notSupported('nothing here filters or maps routes: FRR has the same lines for its own');
export const NO_FILTER = notSupported('packets pass unfiltered: write the rule for nftables on this host');
export const NO_NAT = notSupported('addresses are not translated: use nftables (masquerade, snat, dnat) on this host');
export const NO_QOS = notSupported('nothing is queued, policed or marked: use tc on the Linux device');
export const NO_IPSEC = notSupported(
  'nothing is encrypted by IPsec here: packets leave in clear unless strongSwan on this host protects them',
);
export const NO_VRF = notSupported('there is one routing table: what a VRF keeps apart is not kept apart here');
export const NO_TRACKING = notSupported('nothing is probed or tracked: a route follows its interface and nothing else');
export const NO_APPLETS = notSupported('no applets run here: a systemd unit can do the same with `vpdn exec`');
export const NO_SNMP = notSupported('there is no SNMP agent: read the counters with `show … | json`');
export const NO_DHCP = notSupported('no DHCP is served or relayed: run dnsmasq or Kea on this host');
export const NO_IPV6 = notSupported('IPv6 is not carried in calls, and what Linux does with it is set up in Linux');
export const NO_MULTICAST = notSupported('no multicast is routed here: run the pimd of FRR on this host');
export const NO_FLOWS = notSupported('no flow records are made: use softflowd or pmacct on the Linux device');
export const NO_REDUNDANCY = notSupported('no virtual address is kept here: use keepalived on this host');
export const NO_MULTIPOINT = notSupported('there are no multipoint tunnels here, so nothing to resolve in them');
export const NO_HEADER_COMPRESSION = notSupported('headers are sent whole');
export const NO_REDIRECTION = notSupported('no traffic is redirected: use nftables on this host');
export const NO_BACKUP = notSupported('no interface stands in for another: a floating static route does the same');
export const NO_BRIDGE = notSupported('frames are not bridged here: make a Linux bridge');
export const NO_MPLS = notSupported('there is no label switching: use the MPLS of Linux with FRR');
export const NO_PPPOE = notSupported(
  'PPPoE clients are not served here: accel-ppp or rp-pppoe can stand beside this router',
);
export const NO_DIALER = notSupported('no traffic dials: a Virtual-PPP or Dialer interface calls at once and stays up');
export const NO_VOICE = notSupported('there is no telephony here');
export const NO_MULTILINK = notSupported('multilink is not built: every call is a bundle of its own');
export const NO_PRIVILEGES = notSupported('commands keep the privilege level they have');
export const NO_MENUS = notSupported(
  'there are no menus, and aliases at the EXEC prompt only: elsewhere an unknown word is an error',
);
export const MTU_OF_LINUX = notSupported('the MTU of a device is set in Linux, with ip-link(8)');
export const NOT_TAGGED = notSupported(
  'no VLAN device is made here but for an `xconnect`: make one with ip-link(8) and name it with `platform interfaces`',
);

export const LINUX_SWITCHES = withoutEffect('Ethernet switching is that of Linux bridges');
export const LINUX_CLOCK = withoutEffect('Linux keeps the time: set it up with chrony and timedatectl');
export const LINUX_NAMES = withoutEffect('Linux resolves names and forwards as it is set up to');
export const ALWAYS_FORWARDING = withoutEffect('packets take one fast path here, and it is always on');
export const METAL = withoutEffect('it concerns the hardware, the boot or the memory of a metal router');
export const INTERFACE_METAL = withoutEffect('there is no such hardware behind this interface, or Linux sets it');
export const NO_MODEMS = withoutEffect('there are no modems, ISDN lines or serial cards here');
export const NO_SERVICE = withoutEffect('there is no such service here');
export const NO_TRANSFERS = withoutEffect('files are copied by Linux: scp, curl');
export const NO_CERTIFICATES = withoutEffect('certificates serve IPsec and HTTPS, and neither is spoken here');
export const REVISIONS = withoutEffect('every change of the configuration is kept and logged here in any case');
