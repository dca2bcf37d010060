// What can be debugged (C173-C176): each topic with the words that "… debugging is on" begins with, and what of our traces it
// shows. A topic that shows nothing belongs to a protocol or a feature that does not exist here yet: it is accepted, and silent.

/** The kinds of trace lines there are. */
export type TraceKind =
  /** L2TP: messages by name, changes of state; the same with every AVP; or by their first line only. */
  | 'l2tp-events'
  | 'l2tp-packets'
  | 'l2tp-packets-brief'
  | 'l2tp-errors'
  | 'l2tp-tunnels'
  | 'l2tp-sessions'
  /** PPTP: messages by name and changes of state; the octets of messages; calls alone. */
  | 'pptp-events'
  | 'pptp-packets'
  | 'pptp-errors'
  | 'pptp-calls'
  /** What the domain decides: interfaces made, users checked, addresses given. */
  | 'vpdn'
  | 'vtemplate'
  | 'aaa authentication'
  | 'ip peer'
  /** PPP: by the layer a packet belongs to. */
  | 'ppp-negotiation'
  | 'ppp-authentication'
  | 'ppp-notes'
  | 'ppp-phases'
  /** CCP, which MPPE is agreed on and begun anew by: what comes of it, and its packets. */
  | 'mppe-events'
  | 'mppe-packets';

interface TopicRow {
  readonly title: string;
  readonly help: string;
  readonly shows: readonly TraceKind[];
}

const row = (title: string, help: string, ...shows: TraceKind[]): TopicRow => ({ title, help, shows });

export const DEBUG_TOPICS = {
  'vpdn event': row('VPDN events', 'VPDN events', 'l2tp-events', 'pptp-events', 'vpdn'),
  'vpdn event disconnect': row('VPDN disconnect events', 'VPDN disconnect events', 'l2tp-sessions', 'pptp-calls'),
  'vpdn error': row('VPDN errors', 'VPDN errors', 'l2tp-errors', 'pptp-errors'),
  'vpdn packet': row('VPDN packet', 'VPDN packets', 'l2tp-packets', 'pptp-packets'),
  'vpdn packet detail': row('VPDN packet details', 'Packet dumps', 'l2tp-packets', 'pptp-packets'),
  'vpdn packet errors': row('VPDN packet errors', 'Packet errors', 'l2tp-errors', 'pptp-errors'),
  'vpdn message': row('VPDN message', 'VPDN inter-process messages'),
  'vpdn call event': row('VPDN call events', 'Call events', 'l2tp-sessions', 'pptp-calls', 'vpdn'),
  'vpdn call fsm': row('VPDN call FSM', 'Call state machine', 'l2tp-sessions', 'pptp-calls'),
  'vpdn authorization error': row('VPDN authorization errors', 'Authorization errors', 'l2tp-errors'),
  'vpdn authorization event': row('VPDN authorization events', 'Authorization events', 'aaa authentication'),
  'vpdn l2x-data': row('L2X data packets', 'L2F/L2TP data packets'),
  'vpdn l2x-errors': row('L2X protocol errors', 'L2F/L2TP protocol errors', 'l2tp-errors'),
  'vpdn l2x-events': row('L2X protocol events', 'L2F/L2TP protocol events', 'l2tp-events'),
  'vpdn l2x-packets': row('L2X control packets', 'L2F/L2TP control packets', 'l2tp-packets'),
  'vpdn l2tp-sequencing': row('VPDN L2TP sequencing', 'L2TP sequencing'),
  'vpdn sss error': row('VPDN SSS errors', 'SSS errors'),
  'vpdn sss event': row('VPDN SSS events', 'SSS events'),
  'vpdn sss fsm': row('VPDN SSS FSM', 'SSS state machine'),
  'l2tp all': row('L2TP all', 'All L2TP debugging', 'l2tp-events', 'l2tp-errors', 'l2tp-packets-brief'),
  'l2tp error': row('L2TP errors', 'L2TP errors', 'l2tp-errors'),
  'l2tp event': row('L2TP events', 'L2TP events', 'l2tp-events'),
  'l2tp packet brief': row('L2TP brief packet', 'Brief packet information', 'l2tp-packets-brief'),
  'l2tp packet detail': row('L2TP detailed packet', 'Detailed packet information', 'l2tp-packets'),
  'l2tp packet error': row('L2TP packet errors', 'Packet errors', 'l2tp-errors'),
  'l2tp application': row('L2TP application', 'Applications of L2TP'),
  'l2tp db': row('L2TP database', 'Database lookups'),
  'l2tp ha': row('L2TP high availability', 'High availability'),
  'l2tp l2tun': row('L2TP L2TUN socket', 'L2TUN socket API'),
  'l2tp seq': row('L2TP data sequencing', 'Data sequencing'),
  'l2tp sequencing': row('L2TP sequencing', 'Sequencing'),
  'l2tp snmp': row('L2TP SNMP', 'SNMP'),
  'l2tp syslog': row('L2TP syslog', 'Syslog'),
  'l2tp export': row('L2TP export', 'Export of packets'),
  'l2tp timer': row('L2TP timers', 'Timers'),
  'l2tp tunnel': row('L2TP tunnel', 'Tunnels', 'l2tp-tunnels'),
  'l2tp session': row('L2TP session', 'Sessions', 'l2tp-sessions'),
  'l2tun event': row('L2TUN events', 'L2TUN events', 'l2tp-events'),
  'l2tun error': row('L2TUN errors', 'L2TUN errors', 'l2tp-errors'),
  'ppp negotiation': row('PPP protocol negotiation', 'Protocol parameter negotiation', 'ppp-negotiation', 'ppp-phases'),
  'ppp authentication': row('PPP authentication', 'CHAP and PAP authentication', 'ppp-authentication'),
  'ppp packet': row('PPP packet display', 'Low-level PPP packet dump', 'ppp-negotiation', 'ppp-authentication'),
  'ppp error': row('PPP protocol errors', 'Protocol errors and error statistics', 'ppp-notes'),
  'ppp bap': row('PPP BAP', 'BAP protocol transactions'),
  'ppp cbcp': row('PPP Callback Control Protocol', 'Callback Control Protocol negotiation'),
  'ppp events': row('PPP events', 'Protocol events', 'ppp-phases'),
  'ppp elog': row('PPP event log', 'Event log'),
  'ppp mppe detailed': row('MPPE Detailed', 'Detailed MPPE information', 'mppe-events', 'mppe-packets'),
  'ppp mppe events': row('MPPE Events', 'MPPE events', 'mppe-events'),
  'ppp mppe packets': row('MPPE Packets', 'Packets that agree on MPPE and reset it', 'mppe-packets'),
  'ppp multilink data': row('Multilink data', 'Multilink data'),
  'ppp multilink events': row('Multilink events', 'Multilink events'),
  'ppp multilink fragments': row('Multilink fragments', 'Multilink fragments'),
  'aaa authentication': row('AAA Authentication', 'Authentication', 'aaa authentication'),
  'aaa authorization': row('AAA Authorization', 'Authorization'),
  'aaa accounting': row('AAA Accounting', 'Accounting'),
  radius: row('Radius protocol', 'RADIUS protocol'),
  'radius brief': row('Radius protocol brief', 'Only I/O transactions are recorded'),
  'ip peer': row('IP peer address activity', 'IP peer address activity', 'ip peer'),
  'vtemplate cloning': row('Virtual Template cloning', 'Cloning of interfaces', 'vtemplate'),
  'vtemplate error': row('Virtual Template errors', 'Errors'),
  'vtemplate event': row('Virtual Template events', 'Events', 'vtemplate'),
  'vtemplate subinterface': row('Virtual Template subinterface', 'Subinterfaces'),
  'xconnect error': row('XCONNECT errors', 'Xconnect errors'),
  'xconnect event': row('XCONNECT events', 'Xconnect events'),
  'acircuit error': row('Attachment Circuit errors', 'Attachment circuit errors'),
  'acircuit event': row('Attachment Circuit events', 'Attachment circuit events'),
  'acircuit checkpoint': row('Attachment Circuit checkpoint', 'Attachment circuit checkpoints'),
} as const satisfies Record<string, TopicRow>;

export type DebugTopic = keyof typeof DEBUG_TOPICS;

/** What the words before the last one mean; a topic alone at its first word has its own help. */
export const DEBUG_FAMILIES: Readonly<Record<string, string>> = {
  vpdn: 'VPDN information',
  'vpdn call': 'VPDN call information',
  'vpdn authorization': 'VPDN authorization',
  'vpdn sss': 'VPDN SSS',
  l2tp: 'Layer 2 Tunneling Protocol',
  'l2tp packet': 'L2TP packets',
  l2tun: 'Layer 2 tunnels',
  ppp: 'PPP (Point to Point Protocol) information',
  'ppp mppe': 'MPPE',
  'ppp multilink': 'Multilink activity',
  aaa: 'AAA Authentication, Authorization and Accounting',
  ip: 'IP information',
  vtemplate: 'Virtual Template information',
  xconnect: 'Xconnect',
  acircuit: 'Attachment circuits',
};
