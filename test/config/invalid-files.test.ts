import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../src/config/config-error.js';
import { loadConfig } from '../../src/config/load-config.js';

const FOLDER = fileURLToPath(new URL('../fixtures/config/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.startsWith('invalid-'));

/** The lines that follow "# Refused with:" at the top of a file. */
function expectedMessage(file: string): string {
  const [, ...lines] = readFileSync(`${FOLDER}${file}`, 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#   '));
  return lines
    .slice(0, end)
    .map((line) => line.slice('#   '.length))
    .join('\n');
}

async function messageFor(file: string): Promise<string> {
  const env = { HOME: '/nowhere', XDG_CONFIG_HOME: '/nowhere' };
  try {
    await loadConfig({ configPath: file, env, cwd: FOLDER });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(FOLDER, 'FOLDER/');
    throw error;
  }
  return 'accepted';
}

describe('a broken file is refused with exactly its message', () => {
  test('there are many of them', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(40);
  });

  test.each(FILES)('%s', async (file) => {
    expect(await messageFor(file)).toBe(expectedMessage(file));
  });
});
