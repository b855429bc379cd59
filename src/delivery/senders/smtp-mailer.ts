import { isIPv4 } from 'node:net';
import { createTransport } from 'nodemailer';
import { defined } from '../../platform/defined.ts';
import { DeliveryError, type Mailer } from '../mailer.ts';
import { isMailAddress } from './mail-address.ts';

export interface SmtpSettings {
  readonly from: string;
  /** The name beside the sender's address. */
  readonly senderName?: string;
  readonly issuer?: string;
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    readonly secure: boolean;
    /** What the server is greeted with, where the issuer's host name will not do. */
    readonly name?: string;
    readonly user?: string;
    readonly password?: string;
  };
}

export interface SmtpMailer extends Mailer {
  /** Closes the idle connections. */
  close(): void;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** No machine answers a machine (RFC 3834 section 5; Exchange has a header of its own): an absence note would tell a stranger who typed the address. */
const headers = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }; // guard: mail-auto-submitted

/** `timeoutMilliseconds`: for connecting, the greeting and every silence. People wait for this mail, so a dead server is told soon. */
export function smtpMailer(settings: SmtpSettings, { timeoutMilliseconds = 5000 } = {}): SmtpMailer {
  const transport = createTransport(transportOptions(settings, timeoutMilliseconds));
  const from = { name: settings.senderName ?? '', address: settings.from };
  return {
    async send({ to, subject, text, html }) {
      if (!isMailAddress(to)) throw new DeliveryError('refused', 'malformed'); // guard: malformed-recipient-refused
      try {
        // As an object the address is taken as it stands; a text would be parsed, and has been mis-parsed (CVE-2025-13033).
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text, html, headers });
      } catch (cause) {
        throw notDelivered(cause);
      }
    },
    close: () => transport.close(),
  };
}

function transportOptions({ smtp, issuer }: SmtpSettings, timeoutMilliseconds: number) {
  const { host, port, secure, user, password } = smtp;
  const name = smtp.name ?? (issuer === undefined ? undefined : greetingOf(issuer));
  return {
    ...defined({ name }), // guard: smtp-greeting-name
    pool: true as const,
    // A kept connection may be dropped just when it is needed: then the mail goes over a new one, once. nodemailer does so
    // only while not a byte of the mail is sent, so that none arrives twice.
    maxRequeues: 1, // guard: smtp-dropped-connection-retry
    host,
    port,
    secure,
    // Without this a man in the middle strips STARTTLS and reads the codes.
    requireTLS: !secure && !loopback.test(host), // guard: smtp-tls-beyond-loopback
    tls: { minVersion: 'TLSv1.2' as const },
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    dnsTimeout: timeoutMilliseconds,
    // Mails are made of our own texts: nothing in them may name a file or an address to load.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** A container's own name has no dot, and servers refuse who greets so; an address is greeted with in brackets (RFC 5321 section 4.1.3). */
function greetingOf(issuer: string): string {
  const { hostname } = new URL(issuer);
  if (hostname.startsWith('[')) return `[IPv6:${hostname.slice(1, -1)}]`;
  return isIPv4(hostname) ? `[${hostname}]` : hostname;
}

/** What nodemailer tells of a failure. */
interface SmtpFault {
  readonly code?: string;
  readonly command?: string;
  readonly message?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** RFC 5321 section 4.2.1: 5yz is final, 4yz is not; without an answer nobody knows. */
function notDelivered(cause: unknown): DeliveryError {
  const fault = cause as SmtpFault;
  const { code, responseCode = 0 } = fault;
  const described = describe(fault);
  const credentials = code === 'EAUTH' ? 'credentials' : undefined;
  if (responseCode >= 500) return new DeliveryError('refused', credentials ?? 'smtp_5xx', described);
  if (responseCode >= 400) return new DeliveryError('later', credentials ?? 'smtp_4xx', described);
  return new DeliveryError('unreachable', credentials ?? (code === 'ETIMEDOUT' ? 'timeout' : 'connection'), described);
}

/** A server's answer repeats the recipient ("550 <ada@example.com>: unknown"), so of it only the codes are kept (RFC 3463). */
function describe({ code = '', command = '', message, response, responseCode }: SmtpFault): Error {
  if (response === undefined && code !== 'EENVELOPE') return new Error(message);
  const [enhanced = ''] = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response ?? '') ?? [];
  return new Error(['SMTP', code, 'at', command, responseCode, enhanced].filter((part) => part).join(' '));
}
