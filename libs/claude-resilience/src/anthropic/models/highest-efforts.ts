/** At these no thinking only between tools, and on some models none that is switched off. */
export const HIGHEST_EFFORTS: readonly unknown[] = ['xhigh', 'max'];
