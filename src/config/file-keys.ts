import { isGroup } from './relations.js';
import type { Values } from './relations.js';

const IN_NATS = ['creds', 'nkey'];
const IN_TLS = ['ca', 'cert', 'key'];

/** The `nats` group with every path of a file changed; what is no text stays, for the schema to refuse. */
export function mapFiles(nats: Values, change: (path: string) => string): Values {
  const mapped = mapTexts(nats, IN_NATS, change);
  return isGroup(nats.tls) ? { ...mapped, tls: mapTexts(nats.tls, IN_TLS, change) } : mapped;
}

/** The files that a `nats` group names, with the path of each key. */
export function filesIn(nats: Values): { readonly key: readonly string[]; readonly file: string }[] {
  const { tls } = nats;
  return [
    ...texts(nats, IN_NATS).map(({ key, text }) => ({ key: ['nats', key], file: text })),
    ...(isGroup(tls) ? texts(tls, IN_TLS) : []).map(({ key, text }) => ({
      key: ['nats', 'tls', key],
      file: text,
    })),
  ];
}

function mapTexts(group: Values, keys: readonly string[], change: (text: string) => string): Values {
  const changed = texts(group, keys).map(({ key, text }) => [key, change(text)] as const);
  return { ...group, ...Object.fromEntries(changed) };
}

function texts(group: Values, keys: readonly string[]): { key: string; text: string }[] {
  return keys.flatMap((key) => {
    const text = group[key];
    return typeof text === 'string' ? [{ key, text }] : [];
  });
}
