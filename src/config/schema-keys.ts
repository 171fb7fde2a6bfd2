import * as z from 'zod';
import { configSchema } from './schema.js';

/** Stands for any component id and any place in a list. */
const ANY = '*';

/** One key of the configuration file as the schema describes it. */
export interface ConfigKey {
  /** From the top; `*` for component ids and places in a list. */
  readonly path: readonly string[];
  readonly description: string | undefined;
  /** As one would write it; undefined where there is none or where it follows from another key. */
  readonly default: unknown;
  /** The value must not be repeated in any message. */
  readonly secret: boolean;
}

/** All keys in the order of the schema, groups before what they hold. */
export function configKeys(): readonly ConfigKey[] {
  return keysBelow(configSchema, []);
}

/** The path of a key in the form of `ConfigKey.path`. */
export function isSamePath(pattern: readonly string[], path: readonly PropertyKey[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((step, index) => step === ANY || step === String(path[index]))
  );
}

function keysBelow(schema: z.core.$ZodType, path: readonly string[]): ConfigKey[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape as Record<string, z.core.$ZodType>).flatMap(([key, child]) => [
      describedKey(child, [...path, key]),
      ...keysBelow(child, [...path, key]),
    ]);
  }
  if (inner instanceof z.ZodRecord) return keysBelow(inner.valueType, [...path, ANY]);
  if (inner instanceof z.ZodArray) return keysBelow(inner.element, [...path, ANY]);
  return [];
}

function describedKey(schema: z.core.$ZodType, path: readonly string[]): ConfigKey {
  const layers = [...layersOf(schema)];
  const notes = layers.map((layer) => z.globalRegistry.get(layer)).find((found) => found !== undefined);
  const withDefault = layers.find((layer) => layer instanceof z.ZodDefault || layer instanceof z.ZodPrefault);
  return {
    path,
    description: notes?.description,
    default: withDefault?.def.defaultValue,
    secret: notes?.secret === true,
  };
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return [...layersOf(schema)].at(-1) ?? schema;
}

/** The schema and what it wraps, outermost first. */
function* layersOf(schema: z.core.$ZodType): Generator<z.core.$ZodType> {
  let layer: z.core.$ZodType | undefined = schema;
  while (layer !== undefined) {
    yield layer;
    layer =
      layer instanceof z.ZodDefault || layer instanceof z.ZodPrefault || layer instanceof z.ZodExactOptional
        ? layer.def.innerType
        : layer instanceof z.ZodPipe
          ? layer.def.in
          : undefined;
  }
}
