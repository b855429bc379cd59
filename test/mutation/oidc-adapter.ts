import { linesOf } from './mutation.ts';

/** What oidc-provider keeps: codes, tokens, sessions and interactions. */
export const oidcAdapter = linesOf(
  'src/storage/oidc-adapter.ts',
  ['test/contract/oidc-adapter.test.ts'],
  [
    {
      why: 'A code or refresh token is consumed once, of any number at once.',
      find: ', consumedAt: { $exists: false } }',
      replace: ' }',
    },
    {
      why: 'Whoever did not consume a code is told that it was used.',
      find: 'if (modifiedCount !== 1) throw new this.#options.errors.InvalidGrant(',
      replace: 'if (modifiedCount > 1) throw new this.#options.errors.InvalidGrant(',
    },
    {
      why: 'A consumed code is known as consumed.',
      find: 'return row.consumedAt ? {',
      replace: 'return row.endedAt && row.consumedAt ? {',
    },
    {
      why: 'What is past its end is not found, its row or not.',
      find: 'expiresAt: { $not: { $lte: this.#options.now() } }, ',
      replace: '',
    },
    {
      why: 'What was ended is not found.',
      find: ', endedAt: { $exists: false } });\n    const row',
      replace: ' });\n    const row',
      secondGuardOf: 'A tombstone holds nothing of what it was.',
    },
    {
      why: 'A tombstone holds nothing of what it was.',
      find: '$unset: forgotten, ',
      replace: '',
    },
    {
      why: 'An interaction ends once, and with it one code is made.',
      find: "if (this.#kept.model === 'Interaction' && !ended) {",
      replace: "if (this.#kept.model === 'Interaction' && ended === undefined) {",
    },
    {
      why: 'Of any number that end a session or interaction one did.',
      find: 'const live = exact({ _id, endedAt: { $exists: false } });',
      replace: 'const live = exact({ _id });',
    },
    {
      why: 'A session of the library that was ended from outside leaves no row that could be ended anew.',
      find: 'const live = exact({ ...which, endedAt: { $exists: false } });',
      replace: 'const live = exact({ ...which });',
      tests: ['test/contract/oidc-adapter.test.ts', 'test/contract/sessions.test.ts'],
      secondGuardOf: 'A tombstone holds nothing of what it was.',
    },
    {
      why: 'A session that ended is not revived by a save in flight.',
      find: 'await rows.updateOne(exact({ _id, endedAt: { $exists: false } }), update, { upsert: true });',
      replace: 'await rows.updateOne(exact({ _id }), update, { upsert: true });',
    },
    {
      why: 'A tombstone outlives every request in flight.',
      find: ', $max: kept };',
      replace: ' };',
    },
    {
      why: 'A sealed payload is bound to its model and its row.',
      find: 'return `oidc:$',
      replace: "return _id.slice(0, 0).concat('oidc') || `oidc:$",
    },
    {
      why: 'An id that is a token is stored as its hash.',
      find: '  find(id: string): Promise<OidcPayload | undefined> {\n    return this.#findLive({ _id: hashId(id) });',
      replace:
        '  find(id: string): Promise<OidcPayload | undefined> {\n    return this.#findLive({ _id: id.length === 43 ? id : hashId(id) });',
      tests: ['test/contract/oidc-adapter.test.ts', 'test/flow/dump.test.ts'],
    },
    {
      why: 'Nothing that is said under an id is kept in clear.',
      find: 'payload: this.#options.cipher.seal(JSON.stringify(payload), this.#context(_id)),',
      replace:
        'payload: this.#options.cipher.seal(JSON.stringify(payload), this.#context(_id)),\n      ...({ seen: JSON.stringify(payload) } as object),',
    },
    {
      why: 'An outage below the library is its own 503.',
      find: '      throw this.#options.errors.unavailable(cause);\n',
      replace: '      throw cause;\n',
    },
    {
      why: 'Revoking a grant ends its tokens and no others.',
      find: 'await this.#ask((rows) => rows.deleteMany(granted));',
      replace: 'await this.#ask((rows) => rows.countDocuments(granted));',
    },
  ],
);
