// Links and networks of other kinds: VRFs, MPLS, switches, dial lines, PPPoE.

import type { Configuration } from '../../../vpdn/configuration.ts';
import { number, oneOf } from '../../syntax.ts';
import { type Command, notSupported, withoutEffect } from '../../tree.ts';
import { inertCommand } from '../inert.ts';
import {
  LINUX_SWITCHES,
  METAL,
  NO_BRIDGE,
  NO_DIALER,
  NO_MODEMS,
  NO_MPLS,
  NO_MULTILINK,
  NO_PPPOE,
  NO_VRF,
} from './reasons.ts';
import { block, lines } from './table.ts';

const VRF = `
  bgp next-hop ...         Next-hop for MP-BGP VPNv4 prefixes
  context ...              Associate SNMP context with this vrf
  description ...          VRF specific description
  export ...               VRF export
  import ...               VRF import
  inter-as-hybrid [...]    Inter AS hybrid mode
  maximum routes ...       Set a limit of routes
  mdt ...                  Backbone Multicast Distribution Tree
  rd ...                   Specify Route Distinguisher
  route-target ...         Specify Target VPN Extended Communities
  vpn ...                  Configure VPN ID as specified in rfc2685
`;

export const VRFS: Command<Configuration>[] = [
  block(NO_VRF, 'ip vrf ...  Configure an IP VPN Routing/Forwarding instance', { prompt: 'config-vrf' }, VRF),
  block(
    NO_VRF,
    'vrf definition ...  Configure VRF definition',
    {
      prompt: 'config-vrf',
      commands: [
        block(
          NO_VRF,
          'address-family ...  Enter Address Family command mode',
          { prompt: 'config-vrf-af', closing: 'exit-address-family' },
          VRF,
        ),
      ],
    },
    VRF,
  ),
  ...lines(NO_VRF, 'vrf upgrade-cli ...  Upgrade of VRFs'),
];

export const MPLS: Command<Configuration>[] = [
  ...lines(
    NO_MPLS,
    `
    mpls ...                 Configure MPLS parameters
    tag-switching ...        Tag switching
    xconnect logging ...     Log of the state of cross-connects
    `,
  ),
  block(
    NO_MPLS,
    'l2vpn  Configure l2vpn commands',
    { prompt: 'config-l2vpn' },
    `
    logging ...              Configure L2VPN logging
    mac ...                  MAC addresses
    pseudowire group ...     Pseudowire groups
    redundancy ...           Configure L2VPN redundancy
    router-id ...            Specify the router ID
    shutdown                 Shut down L2VPN
  `,
  ),
  block(
    notSupported('cross-connects are said with `xconnect` on the interface; this form is not built'),
    'l2vpn xconnect context ...  Xconnect context',
    { prompt: 'config-xconnect' },
    `
    description ...          Description of the context
    interworking ...         Interworking type
    member ...               Xconnect member
    redundancy ...           Redundancy
    shutdown                 Shut down the context
    `,
  ),
  block(
    NO_BRIDGE,
    'l2 vfi ...  Virtual forwarding instance',
    { prompt: 'config-vfi' },
    `
    bridge-domain ...        Bridge domain
    neighbor ...             Neighbor
    vpn id ...               VPN id
  `,
  ),
  block(
    NO_BRIDGE,
    'bridge-domain ...  Bridge domain',
    { prompt: 'config-bdomain' },
    `
    mac ...                  MAC addresses
    member ...               Member of the domain
  `,
  ),
];

export const SWITCHING: Command<Configuration>[] = [
  ...lines(
    NO_BRIDGE,
    `
    bridge ...               Bridge Group.
    `,
  ),
  block(
    LINUX_SWITCHES,
    'vlan ...  Vlan commands',
    { prompt: 'config-vlan', opens: /^vlan [\d,-]+$/ },
    `
    media ...                Media type of the VLAN
    mtu ...                  VLAN Maximum Transmission Unit
    name ...                 Ascii name of the VLAN
    remote-span              Configure as Remote SPAN VLAN
    shutdown                 Shutdown VLAN switching
    state ...                Operational state of the VLAN
  `,
  ),
  ...lines(
    LINUX_SWITCHES,
    `
    auto qos [...]           Automatic QoS of the switch
    define interface-range ... Define a range of interfaces
    macro ...                Macros of the switch
    sdm prefer ...           Templates of the switch
    spanning-tree ...        Spanning Tree Subsystem
    vtp ...                  Configure global VTP state
    mac-address-table ...    Configure the MAC address table
    mac address-table ...    Configure the MAC address table
    mls ...                  mls global commands
    monitor session ...      Configure SPAN session
    errdisable ...           Error disable
    port-channel ...         EtherChannel configuration
    udld ...                 Configure global UDLD setting
    dot1x ...                IEEE 802.1X
    lacp ...                 LACP configuration
    `,
  ),
];

const RADIO = `
  accounting ...             RADIUS accounting
  authentication ...         authentication method
  guest-mode                 guest ssid
  infrastructure-ssid [...]  ssid used to associate to other infrastructure devices
  information-element ...    information element
  max-associations ...       set maximum associations for ssid
  mbssid ...                 Multiple basic ssid options
  mobility ...               enable L3 mobility
  vlan ...                   bind ssid to vlan
  wpa-psk ...                Configure Wi-Fi Protected Access pre-shared key
`;

export const RADIOS: Command<Configuration>[] = [
  block(METAL, 'dot11 ssid ...  Configure an SSID', { prompt: 'config-ssid' }, RADIO),
  ...lines(METAL, 'dot11 ...  IEEE 802.11 config commands'),
];

export const DIAL: Command<Configuration>[] = [
  ...lines(
    NO_DIALER,
    `
    dialer watch-list ...    Dialer watch list
    dialer dnis ...          Dialer DNIS groups
    dialer-list ...          Create a dialer list entry
    dialer ...               Dialer commands
    `,
  ),
  ...lines(
    NO_MODEMS,
    `
    async ...                Async lines
    call ...                 Configure Call parameters
    chat-script ...          Define a modem chat script
    frame-relay ...          global frame relay configuration commands
    isdn ...                 ISDN configuration commands
    modem ...                Configure modem parameters
    modemcap ...             Modem Capabilities database
    resource-pool ...        Resource pools
    spe ...                  Service processing elements
    lane ...                 LAN emulation
    network-clock ...        Clock of the lines
    network-clock-participate ... Configure participation in network timing
    network-clock-select ... Configure network clock priority
    card type ...            Configure card type
    ppp packet ...           PPP packets
    connect ...              Connect two circuits
    `,
  ),
  ...[
    'vc-class atm',
    'map-class frame-relay',
    'map-class dialer',
    'controller T1',
    'controller E1',
    'controller VDSL',
    'controller DSL',
    'controller T3',
    'controller E3',
    'controller SONET',
    'controller ATM',
    'controller Cellular',
  ].map((text) =>
    block(
      NO_MODEMS,
      `${text} ...  ${text.split(' ')[0]} of a line that is not here`,
      { prompt: text.startsWith('controller') ? 'config-controller' : 'config-map-class' },
      `
      abr ...                  Available Bit Rate
      broadcast                Send broadcasts
      cablelength ...          Specify the cable length for a DS1 link
      cbr ...                  Constant Bit Rate
      cem-group ...            Specify a group of timeslots for CEM
      channel-group ...        Specify the timeslots to channel-group mapping
      clock source ...         Specify the clock source for a DS1 link
      description ...          Controller specific description
      dialer ...               Dialer commands
      ds0-group ...            ds0-group
      dsl-mode ...             DSL mode
      encapsulation ...        Select ATM Encapsulation for VC
      fdl ...                  Specify the FDL standard for a DS1 data link
      frame-relay ...          Frame relay commands
      framing ...              Specify the type of Framing on a DS1 link
      line-mode ...            Line mode
      line-term ...            Line termination
      linecode ...             Specify the line encoding method for a DS1 link
      mode ...                 Mode of the line
      modem ...                Modem of the line
      oam ...                  OAM parameters
      oam-pvc ...              Send oam cells on this pvc
      operating ...            Operating mode
      pri-group [...]          Configure the specified timeslots for PRI
      profile ...              Profile
      protocol ...             Map an upper layer protocol to a connection.
      service-policy ...       Policy of the class
      shutdown                 Shut down a DS1 link (send Blue Alarm)
      sync ...                 Synchronisation mode
      tdm-group ...            Configure TDM on a DS1
      training ...             Training of the line
      ubr ...                  Unspecified Bit Rate
      vbr-nrt ...              Variable Bit Rate (non-real-time)
      vbr-rt ...               Variable Bit Rate (real-time)
    `,
    ),
  ),
];

export const PPPOE: Command<Configuration>[] = [
  block(
    NO_PPPOE,
    'bba-group pppoe ...  Configure BBA Group',
    { prompt: 'config-bba-group' },
    `
    ac name ...              Name of the concentrator
    nas-port-id ...          NAS-Port-ID of the sessions
    pppoe ...                PPPoE parameters
    service ...              Service name
    service profile ...      Service profile
    sessions ...             Session limits
    tag ...                  Tags of PPPoE
    vendor-tag ...           Vendor tags
    virtual-template ...     Template of the sessions
  `,
  ),
  ...lines(
    NO_PPPOE,
    `
    pppoe ...                PPPoE parameters
    `,
  ),
  ...lines(
    notSupported('sessions are not made of services: each is a call of a vpdn-group'),
    `
    subscriber ...           Subscriber configuration
    `,
  ),
];

export const MULTILINK: Command<Configuration>[] = [
  inertCommand<Configuration>({
    text: 'multilink bundle-name',
    help: 'Select method for naming multilink bundles',
    standing: withoutEffect('there are no multilink bundles to be named'),
    tail: [
      oneOf('said', {
        authenticated: 'Use peer authenticated name',
        both: 'Use both the authenticated name and endpoint discriminator',
        endpoint: 'Use endpoint discriminator',
      }),
    ],
    say: ({ said }) => said as string,
    entries: ['C021'],
  }),
  inertCommand<Configuration>({
    text: 'multilink virtual-template',
    help: 'Use virtual template for multilink bundles',
    standing: NO_MULTILINK,
    tail: [number('said', 1, 4095, 'Virtual-Template interface number')],
    say: ({ said }) => String(said),
    entries: ['C021'],
  }),
  ...lines(NO_MULTILINK, 'multilink ...  PPP multilink global configuration', { entries: ['C021'] }),
];
