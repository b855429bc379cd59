/** What proofs amount to, as the README's table ranks it (sign-in/assurance). */
export type Level = '1fa' | 'recovery' | 'remembered' | '2fa-email' | '2fa-sms' | '2fa' | 'phr';
