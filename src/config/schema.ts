import { isIPv6 } from 'node:net';
import * as z from 'zod';
import { isComponentId } from './component-id.js';
import { componentSchema } from './component-schema.js';
import { natsSchema } from './nats-schema.js';
import { pollSchema } from './poll-schema.js';
import { isGroup, relations } from './relations.js';
import type { Refuse, Values } from './relations.js';
import { checkThresholdOrder, thresholdsSchema } from './thresholds-schema.js';
import { duration, oneOf, text, wholeNumber } from './value-schemas.js';

const HOST = 'must be a host name or an address, without scheme, brackets and port';
const PAGE_URL = 'must be an http:// or https:// URL without user and password';
const COMPONENT_ID = 'must have an id of lower-case letters, digits and hyphens, since it is part of a URL';
const DEFAULT_PORTS = { http: 8080, admin: 8081 };

/**
 * The configuration file: every key with its kind, default and meaning. Keys that are not here are refused, and so is
 * whatever would do something else than it says.
 */
export const configSchema = z
  .strictObject({
    nats: natsSchema.prefault({}),
    poll: pollSchema.prefault({}),
    http: z
      .strictObject({
        host: text(HOST, isHost).default('0.0.0.0').describe('Address of the public listener'),
        port: wholeNumber(0, 65_535)
          .default(DEFAULT_PORTS.http)
          .describe('Port of the public listener; 0 picks a free one'),
      })
      .prefault({}),
    admin: z
      .strictObject({
        host: text(HOST, isHost).default('127.0.0.1').describe('Address of the admin listener'),
        port: wholeNumber(0, 65_535)
          .default(DEFAULT_PORTS.admin)
          .describe('Port of the admin listener; 0 turns it off'),
      })
      .prefault({}),
    log: z
      .strictObject({
        level: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
          .default('info')
          .describe('Least important lines to write'),
      })
      .prefault({}),
    history: z
      .strictObject({
        keep: duration(0)
          .prefault('1h')
          .describe('How far back samples are kept in memory, 17280 of each component at most'),
      })
      .prefault({}),
    page: z
      .strictObject({
        title: text().default('Platform status').describe('Title of the status page'),
        url: text(PAGE_URL, isPageUrl)
          .exactOptional()
          .meta({ description: 'Public address of the status page', secret: true }),
      })
      .prefault({}),
    defaults: z.strictObject({ thresholds: thresholdsSchema.prefault({}) }).prefault({}),
    components: z.record(z.string(), componentSchema),
  })
  .superRefine(
    ...relations((config, refuse) => {
      checkPorts(config, refuse);
      checkComponents(config, refuse);
    }),
  );

export type ParsedConfig = z.output<typeof configSchema>;

function checkPorts({ http, admin }: Values, refuse: Refuse): void {
  if (!isGroup(http) || !isGroup(admin)) return;
  if (http.port !== admin.port || http.port === 0 || typeof http.port !== 'number') return;
  // Told about the one that somebody chose.
  const [changed, other] = admin.port === DEFAULT_PORTS.admin ? ['http', 'admin'] : ['admin', 'http'];
  refuse([changed, 'port'], `must differ from ${other}.port (${String(http.port)})`);
}

function checkComponents({ components, defaults }: Values, refuse: Refuse): void {
  const common = isGroup(defaults) ? defaults.thresholds : undefined;
  checkThresholdOrder(common, undefined, (path, message) => {
    refuse(['defaults', 'thresholds', ...path], message);
  });
  if (!isGroup(components)) return;
  if (Object.keys(components).length === 0) refuse(['components'], 'must hold at least one component');
  for (const [id, component] of Object.entries(components)) {
    if (!isComponentId(id)) refuse(['components', id], COMPONENT_ID);
    if (!isGroup(component)) continue;
    checkThresholdOrder(component.thresholds, common, (path, message) => {
      refuse(['components', id, 'thresholds', ...path], message);
    });
  }
}

function isHost(value: string): boolean {
  return value.includes(':') ? isIPv6(value) : /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(value);
}

function isPageUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
