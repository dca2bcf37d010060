// Telephony.

import type { Configuration } from '../../../vpdn/configuration.ts';
import type { Command } from '../../tree.ts';
import { NO_VOICE } from './reasons.ts';
import { block, lines } from './table.ts';

const PHONE = `
  answer-address ...         The Call Destination Number
  authentication ...         Authentication of the peer
  caller-id ...              Port caller id parameters
  codec ...                  The codec to be used
  connection ...             Specify Trunking Parameters
  cptone ...                 Configure voice call progress tone locale
  description ...            Dial-peer specific description
  destination-pattern ...    A full E.164 telephone number prefix
  direct-inward-dial         Direct Inward Dial
  dtmf-relay ...             Transport DTMF digits across IP link
  fax ...                    Fax Settings
  fax-relay ...              Relay of fax
  forward-digits ...         Configure the destination digits forward of this dial peer
  huntstop                   Stop hunting on Dial-Peers
  incoming ...               Incoming called number
  input gain ...             Configure port input gain
  ip qos ...                 Quality of service
  max-conn ...               max connections per peer
  modem ...                  Modem relay
  no-answer                  No answer
  output attenuation ...     Configure port output attenuation
  port ...                   Voice port of the peer
  preference ...             Configure the preference order of this dial peer
  prefix ...                 Configure digit prefix
  registrar ...              Registrar
  req-qos ...                Requested quality of service
  session ...                The session protocol, target, transport
  shutdown                   Take the port down
  signal ...                 Signal of the port
  sip-server ...             SIP server
  timeouts ...               Configure voice timeout parameters
  timing ...                 Configure voice timing parameters
  translation-profile ...    Translation profile
  vad [...]                  Use VoiceActivityDetection as necessary option
  voice-class ...            Set dial-peer voice class control parameters
`;

const VOICE_CARD = `
  codec ...                  Codecs of the card
  dsp ...                    DSP of the card
  dspfarm                    Put the DSPs into the farm
  local-bypass               Calls of one card stay there
`;

export const VOICE: Command<Configuration>[] = [
  ...[
    'voice-port',
    'dial-peer voice',
    'dial-peer pots',
    'sip-ua',
    'voice class codec',
    'voice register global',
    'telephony-service',
    'ephone-dn',
    'ephone',
    'gateway',
    'gatekeeper',
  ].map((text) =>
    block(
      NO_VOICE,
      `${text} [...]  Telephony`,
      { prompt: `config-${text.replaceAll(' ', '-')}` },
      PHONE +
        (text === 'sip-ua' || text === 'gateway' || text === 'gatekeeper'
          ? ''
          : `
      button ...             Button of a phone
      label ...              Label of a phone
      mac-address ...        MAC address of a phone
      number ...             Number of a phone
      name ...               Name of a phone
    `),
    ),
  ),
  block(NO_VOICE, 'voice-card ...  Configure a specific voice card', { prompt: 'config-voicecard' }, VOICE_CARD),
  ...lines(
    NO_VOICE,
    `
    call-manager-fallback    Configure CallManager fallback
    ccm-manager ...          Call Manager Application configuration commands
    mgcp [...]               MGCP configuration commands
    voice ...                Global voice configuration commands
    num-exp ...              Number expansion
    tone ...                 Tone
    `,
  ),
];
