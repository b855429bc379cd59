import { canonicalEmail, maskedEmail } from '../accounts/identifier.ts';
import type { DeliveredKind } from './delivered-code.ts';

/** A mailbox: weaker than a phone, because whoever can reset the password may hold it too. */
export const emailKind: DeliveredKind = {
  kind: 'email',
  courier: 'mail',
  level: '2fa-email',
  amr: ['otp', 'mfa'],
  field: 'email',
  fault: 'email_shape',
  read: canonicalEmail,
  masked: maskedEmail,
  initial: ({ email }) => email,
};
