// The log messages of the router, in one table: facility, severity and mnemonic are IOS words and never change meaning.
// A message not in the table cannot be logged.

export const MESSAGES = {
  'LINK-UPDOWN': { facility: 'LINK', severity: 3, mnemonic: 'UPDOWN' },
  'LINK-CHANGED': { facility: 'LINK', severity: 5, mnemonic: 'CHANGED' },
  'LINEPROTO-UPDOWN': { facility: 'LINEPROTO', severity: 5, mnemonic: 'UPDOWN' },
  'SYS-CONFIG_I': { facility: 'SYS', severity: 5, mnemonic: 'CONFIG_I' },
  'PARSER-CFG_REJECTED': { facility: 'PARSER', severity: 3, mnemonic: 'CFG_REJECTED' },
  'ARCHIVE-FAILED': { facility: 'ARCHIVE', severity: 4, mnemonic: 'FAILED' },
  'ARCHIVE-REVERT_START': { facility: 'ARCHIVE_DIFF', severity: 5, mnemonic: 'ROLLBK_CNFMD_CHG_START_ABSTIMER' },
  'ARCHIVE-REVERT_CONFIRM': { facility: 'ARCHIVE_DIFF', severity: 5, mnemonic: 'ROLLBK_CNFMD_CHG_CONFIRM' },
  'ARCHIVE-REVERTED': { facility: 'ARCHIVE_DIFF', severity: 5, mnemonic: 'ROLLBK_CNFMD_CHG_ROLLBACK_START' },
  'SYS-PRIV_AUTH_PASS': { facility: 'SYS', severity: 5, mnemonic: 'PRIV_AUTH_PASS' },
  'SYS-PRIV_AUTH_FAIL': { facility: 'SYS', severity: 5, mnemonic: 'PRIV_AUTH_FAIL' },
  'SYS-TTY_EXPIRE_TIMER': { facility: 'SYS', severity: 6, mnemonic: 'TTY_EXPIRE_TIMER' },
  'SSH-LISTEN': { facility: 'SSH', severity: 3, mnemonic: 'LISTEN' },
  'SSH-SESSION': { facility: 'SSH', severity: 5, mnemonic: 'SSH2_SESSION' },
  'SSH-CLOSE': { facility: 'SSH', severity: 5, mnemonic: 'SSH2_CLOSE' },
  'SSH-USERAUTH': { facility: 'SSH', severity: 5, mnemonic: 'SSH2_USERAUTH' },
  'SEC_LOGIN-SUCCESS': { facility: 'SEC_LOGIN', severity: 5, mnemonic: 'LOGIN_SUCCESS' },
  'SEC_LOGIN-FAILED': { facility: 'SEC_LOGIN', severity: 4, mnemonic: 'LOGIN_FAILED' },
  'SYS-RESTART': { facility: 'SYS', severity: 5, mnemonic: 'RESTART' },
  'SYS-SCHEDULED_RELOAD': { facility: 'SYS', severity: 5, mnemonic: 'SCHEDULED_RELOAD' },
  'SYS-SCHEDULED_RELOAD_CANCELLED': { facility: 'SYS', severity: 5, mnemonic: 'SCHEDULED_RELOAD_CANCELLED' },
  'SYS-RELOAD': { facility: 'SYS', severity: 5, mnemonic: 'RELOAD' },
  'SYS-RELOAD_REFUSED': { facility: 'SYS', severity: 3, mnemonic: 'RELOAD_REFUSED' },
  'SYS-LOGGINGHOST_STARTSTOP': { facility: 'SYS', severity: 6, mnemonic: 'LOGGINGHOST_STARTSTOP' },
  'SYS-LOGGINGHOST_FAIL': { facility: 'SYS', severity: 3, mnemonic: 'LOGGINGHOST_FAIL' },
  'SYS-FAULT': { facility: 'SYS', severity: 3, mnemonic: 'FAULT' },
  'VPDN-LISTEN': { facility: 'VPDN', severity: 3, mnemonic: 'LISTEN' },
  'VPDN-FLOW_ALARM': { facility: 'VPDN', severity: 4, mnemonic: 'FLOW_ALARM' },
  'VPDN-AUTHENFAIL': { facility: 'VPDN', severity: 6, mnemonic: 'AUTHENFAIL' },
  'VPDN-AUTHENERR': { facility: 'VPDN', severity: 6, mnemonic: 'AUTHENERR' },
  'VPDN-CLOSE': { facility: 'VPDN', severity: 6, mnemonic: 'CLOSE' },
  'VPDN-CLOSED': { facility: 'VPDN', severity: 6, mnemonic: 'CLOSED' },
  'VPDN-MAX_SESS_EXCD': { facility: 'VPDN', severity: 6, mnemonic: 'MAX_SESS_EXCD' },
  'VPDN-SOFTSHUT': { facility: 'VPDN', severity: 6, mnemonic: 'SOFTSHUT' },
  'VPDN-TIMEOUT': { facility: 'VPDN', severity: 6, mnemonic: 'TIMEOUT' },
  'VPDN-UNREACH': { facility: 'VPDN', severity: 5, mnemonic: 'UNREACH' },
  'VPDN-DROPPED': { facility: 'VPDN', severity: 4, mnemonic: 'PKT_DROPPED' },
  'VPDN-FALLBACK': { facility: 'VPDN', severity: 5, mnemonic: 'FALLBACK' },
  'VPDN-NORESOURCE': { facility: 'VPDN', severity: 3, mnemonic: 'NORESOURCE' },
  'VPDN-TUNNEL_REFUSED': { facility: 'VPDN', severity: 4, mnemonic: 'TUNNEL_REFUSED' },
  'VPDN-CALL_FAILED': { facility: 'VPDN', severity: 4, mnemonic: 'CALL_FAILED' },
  'VPDN-CONFIG_WARN': { facility: 'VPDN', severity: 4, mnemonic: 'CONFIG_WARN' },
  'XCONNECT-PW_STATUS': { facility: 'XCONNECT', severity: 5, mnemonic: 'PW_STATUS' },
  'VPDN-SUPPRESSED': { facility: 'VPDN', severity: 4, mnemonic: 'SUPPRESSED' },
} as const satisfies Record<string, { facility: string; severity: number; mnemonic: string }>;

/** The names of the severities in commands; the place in the list is the number (RFC 5424 §6.2.1). */
export const SEVERITY_NAMES = [
  'emergencies',
  'alerts',
  'critical',
  'errors',
  'warnings',
  'notifications',
  'informational',
  'debugging',
] as const;

export type LogName = keyof typeof MESSAGES;

export interface LogMessage {
  readonly name: LogName;
  readonly text: string;
}

/** `%LINK-3-UPDOWN: Interface Virtual-Access3, changed state to up`. */
export function formatLogMessage(message: LogMessage): string {
  const { facility, severity, mnemonic } = MESSAGES[message.name];
  return `%${facility}-${severity}-${mnemonic}: ${message.text}`;
}
