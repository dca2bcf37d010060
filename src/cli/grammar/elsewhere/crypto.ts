// IPsec and its keys. What would have protected packets is never passed over in silence.

import type { Configuration } from '../../../vpdn/configuration.ts';
import type { Command } from '../../tree.ts';
import { inertDelimited } from '../inert.ts';
import { PKI } from './pki.ts';
import { NO_CERTIFICATES, NO_IPSEC, NO_ROUTING } from './reasons.ts';
import { block, lines } from './table.ts';

export const KEY_CHAINS: Command<Configuration>[] = [
  block(
    NO_ROUTING,
    'key chain ...  Key-chain management',
    {
      prompt: 'config-keychain',
      commands: [
        block(
          NO_ROUTING,
          'key ...  Configure a key',
          { prompt: 'config-keychain-key' },
          `
          accept-lifetime ...       Set accept lifetime of key
          cryptographic-algorithm ... Set cryptographic authentication algorithm
          key-string ...            Set key string
          send-lifetime ...         Set send lifetime of key
          `,
        ),
      ],
    },
    'description ...  Description of the key chain',
  ),
  ...lines(NO_CERTIFICATES, 'key config-key ...  Set a private configuration key for general use'),
];

const IKE: Command<Configuration>[] = [
  block(
    NO_IPSEC,
    'crypto isakmp policy ...  Set policy for an ISAKMP protection suite',
    { prompt: 'config-isakmp' },
    `
    authentication ...       Set authentication method for protection suite
    encryption ...           Set encryption algorithm for protection suite
    encr ...                 Set encryption algorithm for protection suite
    group ...                Set the Diffie-Hellman group
    hash ...                 Set hash algorithm for protection suite
    lifetime ...             Set lifetime for ISAKMP security association
    `,
  ),
  block(
    NO_IPSEC,
    'crypto isakmp profile ...  Define ISAKMP Profiles',
    { prompt: 'conf-isa-prof' },
    `
    accounting ...           Enable AAA Accounting for IPSec Sessions
    ca trust-point ...       Configure certificate authority trustpoint
    client ...               Specify client configuration settings
    description ...          Specify a description of this profile
    initiate mode aggressive   Initiate aggressive mode
    isakmp authorization ... ISAKMP Authorization command
    keepalive ...            Set a keepalive interval
    keyring ...              Specify keyring to use
    local-address ...        Interface or address to use as local endpoint
    match ...                Match values of peer
    qos-group ...            Apply a Qos policy class map for this profile
    self-identity ...        Specify Identity to use
    virtual-template ...     Specify the virtual-template for dynamic interface creation
    vrf ...                  Specify the VRF it is related to
    `,
  ),
  block(
    NO_IPSEC,
    'crypto isakmp client configuration group ...  Define a group policy',
    {
      prompt: 'config-isakmp-group',
      commands: [inertDelimited({ text: 'banner', help: 'Specify mode config banner', standing: NO_IPSEC })],
    },
    `
    access-restrict ...      Restrict clients to this interface
    acl ...                  Specify split tunneling inclusion access-list number
    backup-gateway ...       Specify backup gateway
    dns ...                  Specify DNS Addresses
    domain ...               Set default domain name to send to client
    group-lock               Enforce group lock feature
    include-local-lan        Enable Local LAN Access with no split tunnel
    key ...                  pre-shared key/IKE password
    max-logins ...           Set maximum simultaneous logins for users in this group
    max-users ...            Set maximum number of users for this group
    netmask ...              netmask used by the client for local connectivity
    pfs                      The client should propose PFS
    pool ...                 Set name of address pool
    save-password            Allows remote client to save XAUTH password
    split-dns ...            DNS name to append for resolution
    wins ...                 Specify WINS Addresses
    `,
  ),
  block(
    NO_IPSEC,
    'crypto keyring ...  Key ring commands',
    { prompt: 'conf-keyring' },
    `
    description ...          Specify a description of this keyring
    local-address ...        Interface or address to use as local endpoint
    pre-shared-key ...       Pre-shared key
    rsa-pubkey ...           RSA public key
    `,
  ),
  ...lines(
    NO_IPSEC,
    `
    crypto isakmp aggressive-mode disable  Disable ISAKMP aggressive mode
    crypto isakmp client ...   Set client configuration policy
    crypto isakmp enable       Enable ISAKMP
    crypto isakmp fragmentation  IKE Fragmentation enabled if required
    crypto isakmp identity ... Set the identity which ISAKMP will use
    crypto isakmp invalid-spi-recovery  Initiate IKE and send Invalid SPI Notify
    crypto isakmp keepalive ... Set a keepalive interval for use with IOS peers
    crypto isakmp key ...      Set pre-shared key for remote peer
    crypto isakmp nat ...      Set a nat keepalive interval for use with IOS peers
    crypto isakmp peer ...     Set Peer Policy
    crypto isakmp xauth ...    Set Extended Authentication values
    `,
  ),
];

const IKE_V2: Command<Configuration>[] = [
  ...(
    [
      ['crypto ikev2 proposal', 'Define IKEv2 proposals', 'config-ikev2-proposal'],
      ['crypto ikev2 policy', 'Define IKEv2 policies', 'config-ikev2-policy'],
      ['crypto ikev2 profile', 'Define IKEv2 Profiles', 'config-ikev2-profile'],
      ['crypto ikev2 authorization policy', 'Define an IKEv2 authorization policy', 'config-ikev2-author-policy'],
    ] as const
  ).map(([text, help, prompt]) =>
    block(
      NO_IPSEC,
      `${text} ...  ${help}`,
      { prompt },
      `
      aaa ...                  Specify AAA related configs
      authentication ...       Set authentication method
      config-exchange ...      Configuration exchange
      dns ...                  Specify DNS Addresses
      dpd ...                  Enable IKE liveness check for peers
      encryption ...           Set encryption algorithm(s) for proposal
      group ...                Set the Diffie-Hellman group(s)
      identity ...             Specify IKE identity to use
      integrity ...            Set integrity hash algorithm(s) for proposal
      ivrf ...                 I-VRF of the profile
      keyring ...              Specify keyring to use
      lifetime ...             Set lifetime for ISAKMP security association
      match ...                Match values of peer
      nat ...                  NAT-transparency
      netmask ...              netmask
      pki ...                  Specify certificate authorities to trust
      pool ...                 Address pool
      prf ...                  Set prf algorithm(s) for proposal
      proposal ...             Specify Proposal
      route ...                Route options
      virtual-template ...     Specify the virtual-template for dynamic interface creation
      `,
    ),
  ),
  block(
    NO_IPSEC,
    'crypto ikev2 keyring ...  Define IKEv2 Keyring',
    {
      prompt: 'config-ikev2-keyring',
      commands: [
        block(
          NO_IPSEC,
          'peer ...  Configure a Peer and associated keys',
          { prompt: 'config-ikev2-keyring-peer' },
          `
          address ...            Specify IPv4/IPv6 address of peer
          description ...        Specify a description of this peer
          hostname ...           Hostname of peer
          identity ...           Specify IKE identity to use
          pre-shared-key ...     specify the pre-shared key
        `,
        ),
      ],
    },
    '',
  ),
  ...lines(
    NO_IPSEC,
    `
    crypto ikev2 certificate-cache ...  Cache of certificates
    crypto ikev2 cookie-challenge ...   Set Cookie-challenge watermark
    crypto ikev2 diagnose ...           IKEV2 diagnose
    crypto ikev2 dpd ...                Enable IKE liveness check for peers
    crypto ikev2 fragmentation [...]    Enable IKEv2 fragmentation
    crypto ikev2 http-url ...           Enable http URL lookup
    crypto ikev2 limit ...              Limit the number of maximum and negotiating sa
    crypto ikev2 nat ...                NAT-transparency
    crypto ikev2 window ...             IKEV2 window size
    `,
  ),
];

const MAP = `
  description ...          Description of the crypto map statement policy
  dialer pre-classify      Pre-classify of the dialer
  match address ...        Match values.
  qos pre-classify         QoS on the packets before encryption
  reverse-route [...]      Reverse Route Injection.
  set ...                  Set values for encryption/decryption
`;

const EZVPN = block(
  NO_IPSEC,
  'crypto ipsec client ezvpn ...  Specify the IPSec client tunnel definition',
  { prompt: 'config-crypto-ezvpn' },
  `
  acl ...                  Match the traffic of the tunnel
  backup ...               Backup tunnel
  connect ...              Manual or automatic connection
  ctcp ...                 cTCP settings
  group ...                VPN group and password
  idletime ...             Idle time of the tunnel
  local-address ...        Interface to use for local address
  mode ...                 Mode of the tunnel
  nat ...                  Address translation
  peer ...                 Allowed encryption peer
  username ...             Username for XAUTH
  virtual-interface [...]  Virtual interface of the tunnel
  xauth ...                XAUTH parameters
  `,
);

const IPSEC: Command<Configuration>[] = [
  EZVPN,
  block(
    NO_IPSEC,
    'crypto ipsec transform-set ...  Define transform and settings',
    { prompt: 'cfg-crypto-trans' },
    `
    mode ...                 encapsulation mode (transport/tunnel)
  `,
  ),
  block(NO_IPSEC, 'crypto ipsec profile ...  Configure an ipsec policy profile', { prompt: 'ipsec-profile' }, MAP),
  ...lines(
    NO_IPSEC,
    `
    crypto ipsec client ...              Configure a client
    crypto ipsec df-bit ...              Handling of encapsulated DF bit.
    crypto ipsec fragmentation ...       Handling of fragmentation of near-MTU sized packets
    crypto ipsec nat-transparency ...    IPsec NAT transparency model
    crypto ipsec optional [...]          Enable optional encryption for IPSec
    crypto ipsec security-association ... Security association parameters
    crypto call admission ...            Crypto Call Admission Control
    crypto gdoi ...                      Configure GDOI policy
    crypto logging ...                   logging messages
    `,
  ),
  block(
    NO_IPSEC,
    'crypto dynamic-map ...  Specify a dynamic crypto map template',
    { prompt: 'config-crypto-map' },
    MAP,
  ),
  block(
    NO_IPSEC,
    'crypto map ...  Enter a crypto map',
    { prompt: 'config-crypto-map', opens: /^crypto map \S+ \d+(?: |$)(?!.*\bdynamic\b)/ },
    MAP,
  ),
];

/** Before the interfaces. */
export const CRYPTO: Command<Configuration>[] = [...PKI, ...IKE, ...IKE_V2, ...IPSEC];
