/** The label that an answer names, in the caller's own spelling; `undefined` if it names none of them. */
export function chosenLabel(answer: string, labels: readonly string[]): string | undefined {
  const wanted = plain(answer);
  return labels.find((label) => label.trim() === answer.trim()) ?? labels.find((label) => plain(label) === wanted);
}

/** Models like to add quotes, a full stop or a capital. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/^["'`*]+|["'`*.]+$/g, '')
    .trim()
    .toLowerCase();
}
