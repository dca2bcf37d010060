// The state tables of RFC 2661 §7 as the RFC prints them, and a reader of their columns: the second entry of a
// double entry, to be compared with the tables of `src/l2tp/`.

export interface PrintedRow {
  readonly states: readonly string[];
  readonly events: readonly string[];
  readonly actions: readonly string[];
  readonly next: string;
}

/** Rows are parted by empty lines; a column is where its text begins in the first line of a row. */
export function readTable(printed: string): PrintedRow[] {
  return printed
    .split(/\n *\n/)
    .map((row) => row.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0)
    .map(readRow);
}

function readRow(lines: readonly string[]): PrintedRow {
  const starts = [...lines[0]!.matchAll(/(?:^| {2,}|(?<=,) )(?=\S)/g)].map((match) => match.index + match[0].length);
  const columns = columnsOf(lines[0]!, starts);
  const cell = (index: number) =>
    lines
      .map((line) => line.slice(columns[index], columns[index + 1]).trim())
      .filter((text) => text !== '')
      .join(' ');
  return {
    states: cell(0).match(/[a-z-]+/g) ?? [],
    events: eventsOf(cell(1)),
    actions: actionsOf(cell(2)),
    next: cell(3),
  };
}

/** State and event begin where the RFC's columns do; action and new state are the last two of the line. */
function columnsOf(line: string, starts: readonly number[]): number[] {
  return [0, EVENT_COLUMN, starts.at(-2)!, starts.at(-1)!, line.length + 80];
}

function eventsOf(text: string): string[] {
  if (!text.startsWith('Receive')) return [LOCAL_EVENTS[text] ?? text];
  if (text.includes('lose tie-breaker')) return ['tie-lost'];
  const verdicts = /not acceptable/i.test(text) ? ['-'] : /acceptable/.test(text) ? ['+'] : ['+', '-'];
  const names = text.match(/[A-Z]{3,5}|StopCCN/g) ?? [];
  return names.flatMap((name) => (UNJUDGED.has(name) ? [name] : verdicts.map((verdict) => name + verdict)));
}

function actionsOf(text: string): string[] {
  const found = text.matchAll(
    /Send (tunnel-open|\w+)|Clean up|Re-queue SCCRQ|Initiate local tunnel.open|Open bearer|Prepare for data/g,
  );
  return [...found].map(([words, sent]) => {
    if (sent === 'tunnel-open') return 'tunnel-open';
    return sent === undefined ? ACTIONS[words.replace('tunnel-open', 'tunnel open')]! : `send-${sent}`;
  });
}

const EVENT_COLUMN = 19;
const UNJUDGED: ReadonlySet<string> = new Set(['StopCCN', 'CDN']);
const LOCAL_EVENTS: Readonly<Record<string, string>> = {
  'Local Open request': 'open',
  'Local Open request (new call)': 'open',
  'Admin Tunnel Close': 'close',
  'Bearer Ring or Ready to indicate incoming conn.': 'ring',
  'Local open request': 'ring',
  'Bearer line drop or local close request': 'close',
  'Local close request or Bearer line drop': 'close',
  'Bearer line drop, Local close request': 'close',
  'Local Close request': 'close',
  'Bearer answer, framing detected': 'bearer-answer',
  'Bearer failure': 'bearer-failure',
};
const ACTIONS: Readonly<Record<string, string>> = {
  'Clean up': 'clean-up',
  'Re-queue SCCRQ': 're-queue-SCCRQ',
  'Initiate local tunnel open': 'open-tunnel',
  'Open bearer': 'open-bearer',
  'Prepare for data': 'prepare-for-data',
};

/** §7.2.1 Control Connection Establishment */
export const CONTROL_CONNECTION = `
   idle            Local             Send SCCRQ           wait-ctl-reply
                   Open request

   idle            Receive SCCRQ,    Send SCCRP           wait-ctl-conn
                   acceptable

   idle            Receive SCCRQ,    Send StopCCN,        idle
                   not acceptable    Clean up

   idle            Receive SCCRP     Send StopCCN         idle
                                     Clean up

   idle            Receive SCCCN     Clean up             idle

   wait-ctl-reply  Receive SCCRP,    Send SCCCN,          established
                   acceptable        Send tunnel-open
                                     event to waiting
                                     sessions

   wait-ctl-reply  Receive SCCRP,    Send StopCCN,        idle
                   not acceptable    Clean up

   wait-ctl-reply  Receive SCCRQ,    Clean up,            idle
                   lose tie-breaker  Re-queue SCCRQ
                                     for idle state

   wait-ctl-reply  Receive SCCCN     Send StopCCN         idle
                                     Clean up

   wait-ctl-conn   Receive SCCCN,    Send tunnel-open     established
                   acceptable        event to waiting
                                     sessions

   wait-ctl-conn   Receive SCCCN,    Send StopCCN,        idle
                   not acceptable    Clean up

   wait-ctl-conn   Receive SCCRP,    Send StopCCN,        idle
                   SCCRQ             Clean up

   established     Local             Send tunnel-open     established
                   Open request      event to waiting
                   (new call)        sessions

   established     Admin             Send StopCCN         idle
                   Tunnel Close      Clean up

   established     Receive SCCRQ,    Send StopCCN         idle
                   SCCRP, SCCCN      Clean up

   idle            Receive StopCCN   Clean up             idle
   wait-ctl-reply,
   wait-ctl-conn,
   established
`;

/** §7.4.1 LAC Incoming Call States */
export const LAC_INCOMING = `
   idle            Bearer Ring or     Initiate local    wait-tunnel
                   Ready to indicate  tunnel open
                   incoming conn.

   idle            Receive ICCN,      Clean up          idle
                   ICRP, CDN

   wait-tunnel     Bearer line drop   Clean up          idle
                   or local close
                   request

   wait-tunnel     tunnel-open        Send ICRQ         wait-reply

   wait-reply      Receive ICRP,      Send ICCN         established
                   acceptable

   wait-reply      Receive ICRP,      Send CDN,         idle
                   Not acceptable     Clean up

   wait-reply      Receive ICRQ       Send CDN          idle
                                      Clean up

   wait-reply      Receive CDN        Clean up          idle
                   ICCN

   wait-reply      Local              Send CDN,         idle
                   close request or   Clean up
                   Bearer line drop

   established     Receive CDN        Clean up          idle

   established     Receive ICRQ,      Send CDN,         idle
                   ICRP, ICCN         Clean up

   established     Bearer line        Send CDN,         idle
                   drop or local      Clean up
                   close request
`;

/** §7.4.2 LNS Incoming Call States */
export const LNS_INCOMING = `
   idle            Receive ICRQ,      Send ICRP         wait-connect
                   acceptable

   idle            Receive ICRQ,      Send CDN,         idle
                   not acceptable     Clean up

   idle            Receive ICRP       Send CDN          idle
                                      Clean up

   idle            Receive ICCN       Clean up          idle

   wait-connect    Receive ICCN       Prepare for       established
                   acceptable         data

   wait-connect    Receive ICCN       Send CDN,         idle
                   not acceptable     Clean up

   wait-connect    Receive ICRQ,      Send CDN          idle
                   ICRP               Clean up

   idle,           Receive CDN        Clean up          idle
   wait-connect,
   established

   wait-connect    Local              Send CDN,         idle
   established     Close request      Clean up

   established     Receive ICRQ,      Send CDN          idle
                   ICRP, ICCN         Clean up
`;

/** §7.5.1 LAC Outgoing Call States */
export const LAC_OUTGOING = `
   idle            Receive OCRQ,      Send OCRP,        wait-cs-answer
                   acceptable         Open bearer

   idle            Receive OCRQ,      Send CDN,         idle
                   not acceptable     Clean up

   idle            Receive OCRP       Send CDN          idle
                                      Clean up

   idle            Receive OCCN,      Clean up          idle
                   CDN

   wait-cs-answer  Bearer answer,     Send OCCN         established
                   framing detected

   wait-cs-answer  Bearer failure     Send CDN,         idle
                                      Clean up

   wait-cs-answer  Receive OCRQ,      Send CDN          idle
                   OCRP, OCCN         Clean up

   established     Receive OCRQ,      Send CDN          idle
                   OCRP, OCCN         Clean up

   wait-cs-answer, Receive CDN        Clean up          idle
   established

   established     Bearer line drop,  Send CDN,         idle
                   Local close        Clean up
                   request
`;

/** §7.5.2 LNS Outgoing Call States */
export const LNS_OUTGOING = `
   idle            Local              Initiate local    wait-tunnel
                   open request       tunnel-open

   idle            Receive OCCN,      Clean up          idle
                   OCRP, CDN

   wait-tunnel     tunnel-open        Send OCRQ         wait-reply

   wait-reply      Receive OCRP,      none              wait-connect
                   acceptable

   wait-reply      Receive OCRP,      Send CDN          idle
                   not acceptable     Clean up

   wait-reply      Receive OCCN,      Send CDN          idle
                   OCRQ               Clean up

   wait-connect    Receive OCCN       none              established

   wait-connect    Receive OCRQ,      Send CDN          idle
                   OCRP               Clean up

   idle,           Receive CDN,       Clean up          idle
   wait-reply,
   wait-connect,
   established

   established     Receive OCRQ,      Send CDN          idle
                   OCRP, OCCN         Clean up

   wait-reply,     Local              Send CDN          idle
   wait-connect,   Close request      Clean up
   established

   wait-tunnel     Local              Clean up          idle
                   Close request
`;
