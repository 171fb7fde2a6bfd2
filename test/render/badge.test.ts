import { describe, expect, test } from '@jest/globals';
import { STATUSES } from '../../src/health/component-health.js';
import { renderBadgeJson, renderBadgeSvg } from '../../src/render/badge.js';

function widthOf(svg: string): number {
  return Number(/ width="(\d+)"/.exec(svg)?.[1]);
}

test('the JSON is what shields.io asks for', () => {
  expect(renderBadgeJson({ label: 'Größe "x"', status: 'down' })).toBe(
    '{"schemaVersion":1,"label":"Größe \\"x\\"","message":"down","color":"red"}',
  );
  expect(
    STATUSES.map((status) => JSON.parse(renderBadgeJson({ label: '', status })) as object),
  ).toMatchObject([
    { message: 'up', color: 'brightgreen' },
    { message: 'degraded', color: 'yellow' },
    { message: 'down', color: 'red' },
  ]);
});

describe('the image', () => {
  test('says label and status in words, to sighted and other readers', () => {
    const svg = renderBadgeSvg({ label: 'Infrastructure', status: 'degraded' });
    expect(svg).toContain('role="img" aria-label="Infrastructure: degraded"');
    expect(svg).toContain('<title>Infrastructure: degraded</title>');
    expect(svg).toContain('>Infrastructure</text>');
    expect(svg).toContain('>degraded</text>');
  });

  test('has another colour for each status', () => {
    const fills = STATUSES.map(
      (status) => /fill="(#[0-9a-f]{6})"/.exec(renderBadgeSvg({ label: 'a', status }))?.[1],
    );
    expect(new Set(fills).size).toBe(3);
  });

  test('is wider for a longer label, within limits', () => {
    const width = (label: string): number => widthOf(renderBadgeSvg({ label, status: 'up' }));
    expect(width('Infrastructure')).toBeGreaterThan(width('apps'));
    expect(width('x'.repeat(1000))).toBeLessThan(500);
  });

  test('holds no style, script or link, which its security policy would refuse anyway', () => {
    const label = `</text><script>"'&\u0000\u0007\ud800ü${'𝒳'.repeat(2)}`;
    const svg = renderBadgeSvg({ label, status: 'up' });
    expect(svg).not.toMatch(/<script|<style|style=|href/);
    expect(svg).toContain('&#60;/text&#62;&#60;script&#62;&#34;&#39;&#38;ü𝒳𝒳');
    expect(svg).not.toMatch(/\p{Cc}/u);
  });
});
