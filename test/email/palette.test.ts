import { describe, expect, test } from 'vitest';
import { dark, light } from '../../shared/email/palette.ts';

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(start => {
    const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, theme) => {
  test.each(['ink', 'muted', 'link', 'problem'] as const)('shows %s text readably on both backgrounds', colour => {
    expect(contrast(theme[colour], theme.surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme[colour], theme.backdrop)).toBeGreaterThanOrEqual(4.5);
  });

  test('shows the words on a button readably', () => {
    expect(contrast(theme.onButton, theme.button)).toBeGreaterThanOrEqual(4.5);
  });
});

test('black on white has the contrast that the standard gives it', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});
