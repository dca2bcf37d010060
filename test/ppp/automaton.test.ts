// The automaton against the table of RFC 1661 §4.1, copied here a second time in the RFC's own layout.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Automaton, type Event, STATES, type State, TABLE } from '../../src/ppp/automaton.ts';

const PRINTED = `
      | State
      |    0         1         2         3         4         5
Events| Initial   Starting  Closed    Stopped   Closing   Stopping
------+-----------------------------------------------------------
 Up   |    2     irc,scr/6     -         -         -         -
 Down |    -         -         0       tls/1       0         1
 Open |  tls/1       1     irc,scr/6     3r        5r        5r
 Close|    0       tlf/0       2         2         4         4
      |
  TO+ |    -         -         -         -       str/4     str/5
  TO- |    -         -         -         -       tlf/2     tlf/3
      |
 RCR+ |    -         -       sta/2 irc,scr,sca/8   4         5
 RCR- |    -         -       sta/2 irc,scr,scn/6   4         5
 RCA  |    -         -       sta/2     sta/3       4         5
 RCN  |    -         -       sta/2     sta/3       4         5
      |
 RTR  |    -         -       sta/2     sta/3     sta/4     sta/5
 RTA  |    -         -         2         3       tlf/2     tlf/3
      |
 RUC  |    -         -       scj/2     scj/3     scj/4     scj/5
 RXJ+ |    -         -         2         3         4         5
 RXJ- |    -         -       tlf/2     tlf/3     tlf/2     tlf/3
      |
 RXR  |    -         -         2         3         4         5

      | State
      |    6         7         8           9
Events| Req-Sent  Ack-Rcvd  Ack-Sent    Opened
------+-----------------------------------------
 Up   |    -         -         -           -
 Down |    1         1         1         tld/1
 Open |    6         7         8           9r
 Close|irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4
      |
  TO+ |  scr/6     scr/6     scr/8         -
  TO- |  tlf/3p    tlf/3p    tlf/3p        -
      |
 RCR+ |  sca/8   sca,tlu/9   sca/8   tld,scr,sca/8
 RCR- |  scn/6     scn/7     scn/6   tld,scr,scn/6
 RCA  |  irc/7     scr/6x  irc,tlu/9   tld,scr/6x
 RCN  |irc,scr/6   scr/6x  irc,scr/8   tld,scr/6x
      |
 RTR  |  sta/6     sta/6     sta/6   tld,zrc,sta/5
 RTA  |    6         6         8       tld,scr/6
      |
 RUC  |  scj/6     scj/7     scj/8       scj/9
 RXJ+ |    6         6         8           9
 RXJ- |  tlf/3     tlf/3     tlf/3   tld,irc,str/5
      |
 RXR  |    6         7         8         ser/9
`;

const SETTINGS = { restartTimer: 3000, maxConfigure: 10, maxTerminate: 2 };

/** The shortest way into each state. */
const WAY: Readonly<Record<State, readonly Event[]>> = {
  Initial: [],
  Starting: ['Open'],
  Closed: ['Up'],
  Stopped: ['Open', 'Up', 'RXJ-'],
  Closing: ['Open', 'Up', 'Close'],
  Stopping: ['Open', 'Up', 'RCA', 'RCR+', 'RTR'],
  'Req-Sent': ['Open', 'Up'],
  'Ack-Rcvd': ['Open', 'Up', 'RCA'],
  'Ack-Sent': ['Open', 'Up', 'RCR+'],
  Opened: ['Open', 'Up', 'RCA', 'RCR+'],
};

function printedRows(): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const line of PRINTED.split('\n')) {
    const [name, cells] = line.split('|');
    const event = name!.trim();
    if (cells === undefined || event === '' || event === 'Events') continue;
    rows.set(event, [...(rows.get(event) ?? []), ...cells.trim().split(/\s+/)]);
  }
  return rows;
}

function inState(state: State, settings: ConstructorParameters<typeof Automaton>[0] = SETTINGS): Automaton {
  const automaton = new Automaton(settings);
  for (const event of WAY[state]) automaton.handle(event, 0);
  assert.equal(automaton.state, state);
  return automaton;
}

test('RFC 1661 §4.1: the table here has the cells of the printed one', () => {
  const printed = printedRows();
  assert.deepEqual([...printed.keys()], Object.keys(TABLE));
  for (const [event, row] of Object.entries(TABLE)) assert.deepEqual(row.split(/ +/), printed.get(event), event);
});

for (const [event, cells] of printedRows()) {
  for (const [index, cell] of cells.entries()) {
    const state = STATES[index]!;
    test(`RFC 1661 §4.1: ${event} in ${state} is ${cell}`, () => {
      const automaton = inState(state);
      const actions = automaton.handle(event as Event, 1000);
      if (cell === '-') {
        assert.deepEqual([actions, automaton.state, automaton.impossible], [[], state, 1]);
        return;
      }
      const [, names = '', next] = /^(?:(.*)\/)?(\d)[rpx]?$/.exec(cell)!;
      const expected = names.split(',').filter((name) => !['', 'irc', 'zrc'].includes(name));
      assert.deepEqual([actions, automaton.state, automaton.impossible], [expected, STATES[Number(next)], 0]);
      assert.equal(automaton.crossed, cell.endsWith('x') ? 1 : 0);
    });
  }
}

test('RFC 1661 §4.6: the Restart timer runs in states 4 to 8 and in no other', () => {
  for (const [index, state] of STATES.entries()) {
    assert.equal(inState(state).deadline < Number.POSITIVE_INFINITY, index >= 4 && index <= 8, state);
  }
});

function sentUntilRest(automaton: Automaton, action: string): number {
  let sent = 0;
  while (automaton.deadline < Number.POSITIVE_INFINITY) {
    if (automaton.handle(automaton.timeoutEvent, automaton.deadline).some((name) => name === action)) sent++;
  }
  return sent;
}

test('RFC 1661 §4.6: Max-Configure counts the first Configure-Request too', () => {
  assert.equal(1 + sentUntilRest(inState('Req-Sent'), 'scr'), 10);
});

test('RFC 1661 §4.6: Max-Terminate counts the first Terminate-Request too', () => {
  assert.equal(1 + sentUntilRest(inState('Closing'), 'str'), 2);
});

test('RFC 1661 §4.4: after a Terminate-Request the layer pauses one Restart timer, then is finished', () => {
  const automaton = inState('Opened');
  automaton.handle('RTR', 5000);
  assert.equal(automaton.deadline, 8000);
  assert.deepEqual([automaton.timeoutEvent, automaton.handle('TO-', 8000)], ['TO-', ['tlf']]);
});

test('RFC 1661 §4.4: a received Ack fills the Restart counter again', () => {
  const automaton = inState('Req-Sent');
  for (let count = 0; count < 9; count++) automaton.handle(automaton.timeoutEvent, automaton.deadline);
  assert.equal(automaton.timeoutEvent, 'TO-');
  automaton.handle('RCA', automaton.deadline - 1);
  assert.equal(automaton.timeoutEvent, 'TO+');
});

test('RFC 1661 §4.1 [r]: with the restart option Open takes an open layer down and up again', () => {
  const automaton = inState('Opened', { ...SETTINGS, restartOption: true });
  assert.deepEqual(automaton.handle('Open', 0), ['tld', 'scr']);
  assert.equal(automaton.state, 'Req-Sent');
});

test('RFC 1661 §4.1 [p]: with the passive option a layer that ran out of requests waits and is not finished', () => {
  const automaton = inState('Req-Sent', { ...SETTINGS, passiveOption: true, maxConfigure: 1 });
  assert.deepEqual([automaton.handle(automaton.timeoutEvent, 3000), automaton.state], [[], 'Stopped']);
});

test('RFC 1661 §4.2: a passive layer waits in Stopped and answers the first Configure-Request with its own', () => {
  const automaton = inState('Starting');
  automaton.listen();
  assert.equal(automaton.state, 'Stopped');
  assert.deepEqual(automaton.handle('RCR+', 0), ['scr', 'sca']);
});
