import { mailedAdministrators } from '../delivery/administrators.ts';
import { linkMail } from '../delivery/link-mail.ts';
import type { MailedLinks } from '../delivery/links.ts';
import { mailedNotices } from '../delivery/notices.ts';
import { type Outbox, outbox } from '../delivery/senders/outbox.ts';
import { places as roughPlaces } from '../delivery/senders/places.ts';
import type { SmtpMailer } from '../delivery/senders/smtp-mailer.ts';
import { catalogue } from '../http/render.ts';
import type { Base } from './base.ts';
import { configuredSmtp, siteOf } from './mail.ts';

export type Delivery = ReturnType<typeof deliveryOf>;

/** How a letter leaves: the couriers of mail, what letters are made of, and the notices to owners. */
export function deliveryOf({ config, log, renderer, now, mailer: given }: Base, links: MailedLinks) {
  const letterbox = [config.mail.transport, config.sms.sender].includes('outbox') ? outbox({ now }) : undefined;
  const courier: Outbox | SmtpMailer =
    config.mail.transport === 'outbox' && letterbox ? letterbox : configuredSmtp(config);
  const mailer = given ?? courier;
  const letters = renderer;
  const places = roughPlaces({
    database: config.mail.placeDatabase,
    language: catalogue.lang,
    report: (cause) => log.error({ err: cause }, 'a place was not looked up'),
  });
  const site = siteOf(config);
  const report = (cause: unknown) => log.error({ err: cause }, 'a mail could not be handed over');
  const parts = { mailer, letters, places, report };
  return {
    letterbox,
    mailer,
    letters,
    places,
    report,
    notices: mailedNotices({ ...parts, site, links }),
    linkMail: linkMail({ ...parts, site, now }),
    administrators: mailedAdministrators({ ...parts, addresses: config.rescue.administrators }),
    close: () => ('close' in courier ? courier.close() : undefined),
  };
}
