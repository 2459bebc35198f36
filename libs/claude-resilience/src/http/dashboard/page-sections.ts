import type { Html } from './html.js';
import type { PageContext } from './page-context.js';
import { adviceSection } from './sections/advice.section.js';
import { alertsSection } from './sections/alerts.section.js';
import { circuitsSection } from './sections/circuits.section.js';
import { errorsSection } from './sections/errors.section.js';
import { failuresSection } from './sections/failures.section.js';
import { glanceSection } from './sections/glance.section.js';
import { handsSection } from './sections/hands.section.js';
import { latencySection } from './sections/latency.section.js';
import { limitsSection } from './sections/limits.section.js';
import { queueSection } from './sections/queue.section.js';
import { storySection } from './sections/story.section.js';
import { verdictSection } from './sections/verdict.section.js';
import { workflowsSection } from './sections/workflows.section.js';

export interface PageSection {
  /** Of the element that holds it; scripts replace its content. */
  readonly id: string;
  readonly title: string;
  /** Whether the title is shown, or only said. */
  readonly isTitleHidden?: true;
  /** Whether it stands beside another one, where there is room. */
  readonly isHalf?: true;
  render(context: PageContext): Html;
}

/** The page from its top to its end. */
export const PAGE_SECTIONS: readonly PageSection[] = [
  { id: 'verdict', title: 'Verdict', isTitleHidden: true, render: verdictSection },
  { id: 'glance', title: 'Now', isTitleHidden: true, render: glanceSection },
  { id: 'story', title: 'What happened', render: storySection },
  { id: 'circuits', title: 'Circuits', render: circuitsSection },
  { id: 'errors', title: 'Errors and retries', render: errorsSection },
  { id: 'latency', title: 'Latency', render: latencySection },
  { id: 'workflows', title: 'Workflows, tokens and cost', render: workflowsSection },
  { id: 'limits', title: 'Rate limits', isHalf: true, render: limitsSection },
  { id: 'queue', title: 'Queue', isHalf: true, render: queueSection },
  { id: 'alerts', title: 'Alerts', render: alertsSection },
  { id: 'advice', title: 'Advice', render: adviceSection },
  { id: 'failures', title: 'Recent failures', render: failuresSection },
  { id: 'hands', title: 'By hand', render: handsSection },
];

/** The content of every section, by its id. */
export function renderSections(context: PageContext): ReadonlyMap<string, string> {
  return new Map(PAGE_SECTIONS.map(({ id, render }) => [id, render(context).text]));
}
