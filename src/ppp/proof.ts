// What the machines of PAP and CHAP have in common: the times they keep and the effects they have.

import type { EncryptionKeys } from '../crypto/mppe-keys.ts';
import type { AuthenticationRequest, LinkEndCause, LinkSettings } from './events.ts';

export type ProofTimes = Pick<
  LinkSettings,
  'restartTimer' | 'maxConfigure' | 'maxBadAuthentications' | 'rechallengeInterval' | 'challengeLength'
>;

/** What the four machines say; questions to the world get their number here, in `Authentication`. */
export type ProofEffect =
  | { readonly do: 'send'; readonly protocol: number; readonly packet: Uint8Array }
  | { readonly do: 'authenticate'; readonly of: AuthenticationRequest }
  | { readonly do: 'find-secret'; readonly name: string }
  | { readonly do: 'peer-authenticated'; readonly username: string; readonly keys: EncryptionKeys | undefined }
  | { readonly do: 'local-authenticated'; readonly keys: EncryptionKeys | undefined }
  | { readonly do: 'fail'; readonly cause: LinkEndCause; readonly side: 'local' | 'peer'; readonly message: string }
  | { readonly do: 'drop'; readonly reason: string };
