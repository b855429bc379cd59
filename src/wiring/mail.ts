import type { Config } from '../config/config.ts';
import { type SmtpMailer, smtpMailer } from '../delivery/senders/smtp-mailer.ts';
import { plainName } from '../platform/plain-text.ts';

export function configuredSmtp({ mail, issuer, theme }: Pick<Config, 'mail' | 'issuer' | 'theme'>): SmtpMailer {
  return smtpMailer({ ...mail, issuer, senderName: plainName(theme.productName) });
}

/** The address in mails at which people sign in: never one that a request named. */
export function siteOf({ issuer }: Pick<Config, 'issuer'>): string {
  return new URL('/account', issuer).href; // guard: mail-site-of-issuer
}
