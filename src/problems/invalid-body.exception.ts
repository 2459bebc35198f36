import { BadRequestException } from '@nestjs/common';
import type { FieldProblem } from './problem.js';

/** What a schema says is wrong, by the rules of Standard Schema. */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A body that is not what its schema says; knows every field, and none of the values. */
export class InvalidBodyException extends BadRequestException {
  readonly errors: readonly FieldProblem[];

  constructor(issues: readonly SchemaIssue[]) {
    super();
    this.errors = issues.map(({ path = [], message }) => ({ field: fieldOf(path), problem: message }));
  }
}

/** `labels.3`; deeper names were chosen by the caller and are values themselves. */
function fieldOf(path: NonNullable<SchemaIssue['path']>): string {
  const [field, ...rest] = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  if (field === undefined) return 'body';
  return [field, ...rest.filter((key) => typeof key === 'number')].join('.');
}
