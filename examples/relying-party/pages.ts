import { explain } from './claims.ts';
import type { Person } from './provider.ts';

/** Made by `html` alone, which escapes every value that is not markup itself. */
interface Markup {
  readonly safe: string;
}

export function homePage(issuer: string): string {
  return page(
    'Sign in with Twofold',
    html`<p>
        This is a small app of its own. It knows no passwords: it sends you to Twofold at <code>${issuer}</code>, and learns from a
        signed ID token who you are and how you proved it.
      </p>
      <p class="actions"><a class="button" href="/sign-in">Sign in</a> <a href="/sign-in?prompt=create">Create an account</a></p>`,
  );
}

export function claimsPage({ claims, email }: Person): string {
  const rows = Object.entries(claims).map(([name, value]) => {
    const { shown, meaning } = explain(name, value);
    return html`<tr><th scope="row">${name}</th><td><code>${shown}</code></td><td>${meaning}</td></tr>`;
  });
  return page(
    'You are signed in',
    html`<p>Userinfo says your e-mail address is <strong>${email ?? 'not told'}</strong>. The ID token says:</p>
      <div class="wide" role="region" aria-label="Claims of the ID token" tabindex="0">
        <table>
          <thead><tr><th scope="col">Claim</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>
          <tbody>${rows}</tbody>
        </table>
      </div>
      <form class="actions" method="post" action="/sign-out">
        <button class="button">Sign out</button> <a href="/sign-in?prompt=login">Sign in again</a>
      </form>`,
  );
}

export function problemPage(message: string): string {
  return page(
    'That did not work',
    html`<p>${message}</p>
      <p class="actions"><a class="button" href="/sign-in">Start again</a> <a href="/">Back to the start</a></p>`,
  );
}

function page(title: string, content: Markup): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} - Demo app</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <header>Demo app</header>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>
`.safe;
}

function html(strings: TemplateStringsArray, ...values: readonly (string | Markup | readonly Markup[])[]): Markup {
  return { safe: String.raw({ raw: strings }, ...values.map(escaped)) };
}

function escaped(value: string | Markup | readonly Markup[]): string {
  if (typeof value === 'string') return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return 'safe' in value ? value.safe : value.map(escaped).join('');
}
