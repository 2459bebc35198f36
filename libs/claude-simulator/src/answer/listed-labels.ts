/** Ways in which prompts list labels, the strictest first. */
const LISTS: readonly RegExp[] = [
  // ["billing", "bug"]
  /\[((?:\s*"[^"\]]{1,60}"\s*,?)+)\]/,
  // Labels: billing, bug   |   one of: billing, bug   |   categories are billing, bug
  /(?:labels|categories|classes|topics|options|one of)[^:\n]{0,60}(?::|\bare\b)[ \t]*([^\n.]{3,600})/i,
  // one of billing, bug or praise
  /\bone of(?: the following)?\s+([^\n.:]{3,600})/i,
];
const BULLETS = /^[ \t]*(?:[-*•]|\d+[.)])[ \t]+(.{1,60})$/gm;
const SEPARATORS = /,|;|\||\bor\b|\band\b/;

/** The labels that a classification prompt offers, in order; empty if it lists fewer than two. */
export function listedLabels(prompt: string): readonly string[] {
  for (const list of LISTS) {
    const labels = clean((list.exec(prompt)?.[1] ?? '').split(SEPARATORS));
    if (labels.length > 1) return labels;
  }
  const bullets = clean([...prompt.matchAll(BULLETS)].map(([, label = '']) => label.split(':')[0] ?? ''));
  return bullets.length > 1 ? bullets : [];
}

function clean(parts: readonly string[]): readonly string[] {
  const labels = parts.map((part) => part.replace(/^[\s"'`([]+|[\s"'`)\].]+$/g, '')).filter((label) => label !== '');
  return [...new Set(labels)];
}
