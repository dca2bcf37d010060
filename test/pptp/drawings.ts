// The state diagrams of RFC 2637 §3, each arrow as the RFC labels it: the second entry of a double entry, to be compared with the tables
// of `src/pptp/`. The RFC draws boxes and prints no tables; a line here is `from | Event /Action | to`.

export interface Arrow {
  readonly from: string;
  readonly events: readonly string[];
  readonly actions: readonly string[];
  readonly to: string;
}

export function readArrows(drawing: string, words: Words): Arrow[] {
  return drawing
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [from, label, to] = line.split('|').map((cell) => cell.trim());
      const [event, ...actions] = label!.split('/').map((part) => part.trim());
      return {
        from: state(from!),
        events: event!.split(' or ').map((each) => known(words.events, each)),
        actions: actions.flatMap((part) => part.split(';')).map((each) => known(words.actions, each.trim())),
        to: state(to!),
      };
    });
}

export interface Words {
  readonly events: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<string, string>>;
}

function state(text: string): string {
  return text.toLowerCase().replaceAll('_', '-');
}

function known(words: Readonly<Record<string, string>>, text: string): string {
  const word = words[text];
  if (word === undefined) throw new Error(`no word for: ${text}`);
  return word;
}

export const CONNECTION_WORDS: Words = {
  events: {
    'TCP Open Indication': 'tcp-open',
    Collision: 'collision',
    'Receive Start Ctl Connection Reply Version OK': 'SCCRP+',
    'Receive Start Ctl Connection Reply Version Not OK': 'SCCRP-',
    'Receive Start Control Connection Request Version OK': 'SCCRQ+',
    'Receive Start Control Connection Request Version Not OK': 'SCCRQ-',
    'Receive Stop Control Connection Request': 'StopCCRQ',
    'Receive Stop Control Connection Reply': 'StopCCRP',
    'Local Terminate': 'close',
  },
  actions: {
    'Send Start Control Connection Request': 'send-SCCRQ',
    'Send Start Control Connection Reply': 'send-SCCRP',
    'Send Start Control Connection Reply with Error': 'send-SCCRP',
    'Send Stop Control Connection Request': 'send-StopCCRQ',
    'Send Stop Control Reply': 'send-StopCCRP',
    'Close TCP': 'close-TCP',
  },
};

/** §3.1.1, with what its text says of a version that is not supported: "a Stop-Control-Connection-Request SHOULD be sent". */
export const ORIGINATOR = `
  idle            | TCP Open Indication /Send Start Control Connection Request                                       | wait_ctl_reply
  wait_ctl_reply  | Collision /Close TCP                                                                             | idle
  wait_ctl_reply  | Receive Start Ctl Connection Reply Version OK                                                    | established
  wait_ctl_reply  | Receive Start Ctl Connection Reply Version Not OK /Send Stop Control Connection Request          | wait_stop_reply
  established     | Receive Stop Control Connection Request /Send Stop Control Reply; Close TCP                      | idle
  established     | Local Terminate /Send Stop Control Connection Request                                            | wait_stop_reply
  wait_stop_reply | Receive Stop Control Connection Reply /Close TCP                                                 | idle
`;

/** §3.1.2, with what its text says of a version that is not supported: "close the TCP connection and remain in the idle state". */
export const RECEIVER = `
  idle            | Receive Start Control Connection Request Version Not OK /Send Start Control Connection Reply with Error; Close TCP | Idle
  idle            | Receive Start Control Connection Request Version OK /Send Start Control Connection Reply         | Established
  established     | Receive Stop Control Connection Request /Send Stop Control Reply; Close TCP                      | Idle
  established     | Local Terminate /Send Stop Control Connection Request                                            | Wait_Stop_Reply
  wait_stop_reply | Receive Stop Control Connection Reply /Close TCP                                                 | Idle
`;

export const CALL_WORDS: Words = {
  events: {
    Ring: 'open',
    'Open indication': 'open',
    Abort: 'close',
    'Local Terminate': 'close',
    'Telco Call Dropped': 'close',
    'Telco Disconnect': 'close',
    'Telco Answer': 'answer',
    'Incomplete Call': 'incomplete',
    'Receive Incoming Call Request in Error': 'ICRQ-',
    'Receive Incoming Call Request No Error': 'ICRQ+',
    'Receive Incoming Call Reply Not Accepting': 'ICRP-',
    'Receive Incoming Call Reply Accepting': 'ICRP+',
    'Receive Incoming Call Connect': 'ICCN',
    'Receive Outgoing Call Request in Error': 'OCRQ-',
    'Receive Outgoing Call Request No Error': 'OCRQ+',
    'Receive Outgoing Call Reply with Error': 'OCRP-',
    'Receive Outgoing Call Reply No Error': 'OCRP+',
    'Receive Clear Call Request': 'CCR',
    'Receive Disconnect Notify': 'CDN',
  },
  actions: {
    'Send Incoming Call Request': 'send-ICRQ',
    'Send Incoming Call Reply': 'send-ICRP',
    'Send Call Connected': 'send-ICCN',
    'Send Outgoing Call Request': 'send-OCRQ',
    'Send Outgoing Call Reply': 'send-OCRP',
    'Send Call Clear Request': 'send-CCR',
    'Send Call Disconnect Notify': 'send-CDN',
    'Off Hook': 'off-hook',
  },
};

/** §3.2.3.1. */
export const PAC_INCOMING = `
  idle        | Ring /Send Incoming Call Request                                                           | wait_reply
  wait_reply  | Receive Incoming Call Reply Not Accepting                                                  | idle
  wait_reply  | Receive Incoming Call Reply Accepting /Send Call Connected                                 | established
  wait_reply  | Abort /Send Call Disconnect Notify                                                         | idle
  established | Receive Clear Call Request or Telco Call Dropped or Local Terminate /Send Call Disconnect Notify | idle
`;

/** §3.2.3.2. */
export const PNS_INCOMING = `
  idle            | Receive Incoming Call Request in Error /Send Incoming Call Reply  | idle
  idle            | Receive Incoming Call Request No Error /Send Incoming Call Reply  | wait_connect
  wait_connect    | Receive Disconnect Notify                                         | idle
  wait_connect    | Receive Incoming Call Connect                                     | established
  established     | Receive Disconnect Notify                                         | idle
  established     | Local Terminate /Send Call Clear Request                          | wait_disconnect
  wait_disconnect | Receive Disconnect Notify                                         | idle
`;

/** §3.2.4.1. */
export const PAC_OUTGOING = `
  idle        | Receive Outgoing Call Request in Error /Send Outgoing Call Reply                 | idle
  idle        | Receive Outgoing Call Request No Error /Off Hook                                 | wait_cs_ans
  wait_cs_ans | Incomplete Call /Send Outgoing Call Reply                                        | idle
  wait_cs_ans | Receive Clear Call Request /Send Call Disconnect Notify                          | idle
  wait_cs_ans | Telco Answer /Send Outgoing Call Reply                                           | established
  established | Receive Clear Call Request or Local Terminate or Telco Disconnect /Send Call Disconnect Notify | idle
`;

/** §3.2.4.2. */
export const PNS_OUTGOING = `
  idle            | Open indication /Send Outgoing Call Request  | wait_reply
  wait_reply      | Receive Outgoing Call Reply with Error       | idle
  wait_reply      | Receive Outgoing Call Reply No Error         | established
  wait_reply      | Abort /Send Call Clear Request               | wait_disconnect
  established     | Receive Disconnect Notify                    | idle
  established     | Local Terminate /Send Call Clear Request     | wait_disconnect
  wait_disconnect | Receive Disconnect Notify                    | idle
`;
