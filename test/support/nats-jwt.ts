import { createAccount, createOperator, createUser } from 'nkeys.js';
import type { KeyPair } from 'nkeys.js';

const text = new TextEncoder();

/** What a server in operator mode needs, and a user of its one account, which has JetStream. */
export interface OperatorMode {
  /** Lines of the server's configuration. */
  readonly serverConfig: string;
  readonly userJwt: string;
  readonly userSeed: string;
  /** The text of a `.creds` file. */
  readonly creds: string;
}

export function createOperatorMode(): OperatorMode {
  const operator = createOperator();
  const account = createAccount();
  const system = createAccount();
  const user = createUser();
  const unlimited = { subs: -1, data: -1, payload: -1 };
  const accountLimits = {
    ...unlimited,
    conn: -1,
    leaf: -1,
    imports: -1,
    exports: -1,
    wildcards: true,
    mem_storage: -1,
    disk_storage: -1,
    streams: -1,
    consumer: -1,
  };
  const operatorJwt = signed(operator, operator, {
    type: 'operator',
    system_account: system.getPublicKey(),
  });
  const accountJwt = signed(operator, account, { type: 'account', limits: accountLimits });
  const systemJwt = signed(operator, system, {
    type: 'account',
    limits: { ...accountLimits, disk_storage: 0, mem_storage: 0 },
  });
  const userJwt = signed(account, user, { type: 'user', pub: {}, sub: {}, ...unlimited });
  const userSeed = new TextDecoder().decode(user.getSeed());
  return {
    serverConfig: `operator: ${operatorJwt}
      system_account: ${system.getPublicKey()}
      resolver: MEMORY
      resolver_preload: { ${account.getPublicKey()}: ${accountJwt}, ${system.getPublicKey()}: ${systemJwt} }`,
    userJwt,
    userSeed,
    creds: `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${userSeed}\n------END USER NKEY SEED------\n`,
  };
}

/** A JWT of version 2, as servers accept it. */
function signed(issuer: KeyPair, subject: KeyPair, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sub = subject.getPublicKey();
  const head = encode({ typ: 'JWT', alg: 'ed25519-nkey' });
  const body = encode({
    jti: sub,
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name: 'test',
    sub,
    nats: { ...claims, version: 2 },
  });
  const signature = issuer.sign(text.encode(`${head}.${body}`));
  return `${head}.${body}.${Buffer.from(signature).toString('base64url')}`;
}
