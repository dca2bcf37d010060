// Certificates and public keys.

import type { Configuration } from '../../../vpdn/configuration.ts';
import type { Command } from '../../tree.ts';
import { inertText } from '../inert.ts';
import { NO_CERTIFICATES } from './reasons.ts';
import { block, lines } from './table.ts';

/** Rows of a certificate or of a key. */
const HEX = /^[\s0-9A-Fa-f]*$/;

const CERTIFICATES = block(
  NO_CERTIFICATES,
  'crypto pki certificate chain ...  Identify a Certificate chain',
  {
    prompt: 'config-cert-chain',
    commands: [
      inertText<Configuration>({
        text: 'certificate',
        help: 'Enter the certificate',
        takes: 'line',
        standing: NO_CERTIFICATES,
        delimiter: 'quit',
        body: HEX,
      }),
    ],
  },
  '',
);

const TRUSTPOINT = `
  auto-enroll [...]        Automatically enroll this router identity
  auto-trigger             Automatic enrollment
  authorization ...        Authorization parameters
  chain-validation ...     Chain validation of the trustpoint
  crl ...                  CRL options
  eckeypair ...            EC Key pair
  enrollment ...           Enrollment parameters
  fingerprint ...          Enter fingerprint
  fqdn ...                 include fully-qualified domain name
  hash ...                 Specify a hash algorithm
  ip-address ...           include ip address
  match certificate ...    Match from a certificate map
  ocsp ...                 OCSP parameters
  password [...]           revocation password
  primary                  Specify trustpoint as primary
  query ...                Query parameters
  regenerate               Regenerate keys on re-enrollment
  revocation-check ...     Revocation checking options
  rsakeypair ...           Specify rsakeypair for this identity
  serial-number [...]      include serial number
  source interface ...     Specify source interface to be used as source address
  storage ...              Storage of the certificates
  subject-alt-name ...     Subject alternative name
  subject-name ...         Subject Name
  usage ...                Certificate Usage
  vrf ...                  VRF Name
`;

function keyOf(head: string): Command<Configuration> {
  const data = {
    text: 'key-string',
    help: 'Enter a public key',
    standing: NO_CERTIFICATES,
    delimiter: 'quit',
    body: HEX,
  };
  return block(
    NO_CERTIFICATES,
    head,
    { prompt: 'config-pubkey-key', commands: [inertText<Configuration>(data)] },
    'address ...  Address of the peer',
  );
}

export const PKI: Command<Configuration>[] = [
  block(NO_CERTIFICATES, 'crypto pki trustpoint ...  Define a CA trustpoint', { prompt: 'ca-trustpoint' }, TRUSTPOINT),
  block(NO_CERTIFICATES, 'crypto ca trustpoint ...  Define a CA trustpoint', { prompt: 'ca-trustpoint' }, TRUSTPOINT),
  block(
    NO_CERTIFICATES,
    'crypto pki server ...  Enable IOS Certificate server',
    { prompt: 'cs-server' },
    `
    auto-rollover [...]      Automatic rollover of the CA certificate
    cdp-url ...              CRL Distribution Point to be included in the issued certs
    database ...             Certificate Server database config parameters
    grant ...                Certificate granting options
    hash ...                 Hash algorithm
    issuer-name ...          Issuer name
    lifetime ...             Lifetime parameters
    shutdown                 Shutdown the Certificate Server
    `,
  ),
  block(
    NO_CERTIFICATES,
    'crypto pki certificate map ...  Define certificate attributes map',
    { prompt: 'ca-certificate-map', opens: /./ },
    `
    alt-subject-name ...     Alternate Subject Name
    issuer-name ...          Issuer name
    name ...                 Related Name field
    subject-name ...         Subject Name
    valid-start ...          Valid Start
    expires-on ...           Expires On
    serial-number ...        Serial Number
    `,
  ),
  CERTIFICATES,
  block(
    NO_CERTIFICATES,
    'crypto ca certificate chain ...  Identify a Certificate chain',
    {
      prompt: 'config-cert-chain',
      commands: [
        inertText<Configuration>({
          text: 'certificate',
          help: 'Enter the certificate',
          takes: 'line',
          standing: NO_CERTIFICATES,
          delimiter: 'quit',
          body: HEX,
        }),
      ],
    },
    '',
  ),
  block(
    NO_CERTIFICATES,
    'crypto key pubkey-chain rsa  RSA public keys of peers',
    {
      prompt: 'config-pubkey-chain',
      commands: [keyOf('named-key ...  Key by name'), keyOf('addressed-key ...  Key by address')],
    },
    '',
  ),
  ...lines(
    NO_CERTIFICATES,
    `
    crypto ca ...            Certification authority
    crypto key ...           Long term key operations
    crypto pki token ...     Configure cryptographic token
    crypto provisioning ...  Secure Device Provisioning
    crypto mib ...           Configure Crypto-related MIB Parameters
    crypto engine ...        Enter a crypto engine configurable menu
    `,
  ),
];
