import { Inject, Injectable } from '@nestjs/common';
import type { AlertDeskView } from '../../core/alerts/alert-desk-view.js';
import type { FeatureStatus } from '../../core/status/feature-status.js';
import { ClaudeAdmin } from '../../runtime/admin/claude-admin.js';
import { DeferralRoom } from '../../runtime/deferral-room.js';
import { DashboardActions } from '../dashboard/dashboard.desk.js';
import { html, type Html } from '../dashboard/html.js';
import type { DashboardLinks } from '../dashboard/page-context.js';
import { OPERATOR_PATHS, relativeUrl, type OperatorPaths } from '../relative-url.js';
import { handButtons, type Hand, type HandFrame } from './hand-button.js';

/** Puts the hands where people look: at the circuit, the queue, the alert that they are about. */
@Injectable()
export class DashboardHands extends DashboardActions {
  constructor(
    @Inject(OPERATOR_PATHS) private readonly paths: OperatorPaths,
    @Inject(ClaudeAdmin) private readonly admin: ClaudeAdmin,
    @Inject(DeferralRoom) private readonly room: DeferralRoom,
  ) {
    super();
  }

  override linksFor(formKey: string | undefined): DashboardLinks {
    const { dashboard = '', admin, calls } = this.paths;
    const callUrl = (id: string) => `${relativeUrl(dashboard, calls ?? '')}/${encodeURIComponent(id)}`;
    const links = calls === undefined ? {} : { callUrl };
    if (admin === undefined) return { ...links, otherActions: () => html`` };
    // Without a session there is no key: who reads the page by token sends JSON.
    if (formKey === undefined) return links;
    const frame: HandFrame = { formKey, urlOf: (place) => relativeUrl(dashboard, `${admin}/${place}`) };
    return {
      ...links,
      circuitActions: (feature) => handButtons(circuitHands(feature), frame),
      queueActions: () => handButtons(this.#queueHands(), frame),
      alertActions: () => alertHands(this.admin.alerts(), frame),
      otherActions: () => handButtons([{ action: 'baseline.reset' }], frame),
    };
  }

  #queueHands(): readonly Hand[] {
    if (!this.room.isOpen) return [];
    const isUsual = this.room.snapshot().state === 'running' && this.room.takesIn;
    const turns: readonly Hand[] = isUsual
      ? [
          { action: 'queue.pause', about: 'the queue' },
          { action: 'queue.drain', about: 'the queue' },
        ]
      : [{ action: 'queue.resume', about: 'the queue' }];
    return [...turns, { action: 'dead_letters.redrive' }, { action: 'dead_letters.discard' }];
  }
}

function circuitHands({ feature, holders = [] }: FeatureStatus): readonly Hand[] {
  const fields = { feature };
  return [
    { action: 'circuit.hold_open', fields, about: feature },
    { action: 'circuit.hold_closed', fields, about: feature },
    ...holders.map(({ by }): Hand => ({
      action: 'circuit.release',
      fields: { feature, holder: by },
      about: `${feature}, held by ${by}`,
    })),
  ];
}

function alertHands(view: AlertDeskView | undefined, frame: HandFrame): Html {
  if (view === undefined) return html``;
  const { alerts, silences, sinks } = view;
  const titled = (title: string, hands: readonly Hand[]) =>
    html`<div class="hands-of">
      <p>${title}</p>
      ${handButtons(hands, frame)}
    </div>`;
  return html`<h3>Hands on alerts</h3>
    ${alerts.map(({ key, rule, title, summary, labels }) => {
      const named = Object.entries(labels).map(([name, value]) => [`label.${name}`, value]);
      const fields = { rule, ...(Object.fromEntries(named) as Record<string, string>) };
      return titled(summary, [
        { action: 'alert.silence', fields, about: title },
        { action: 'alert.dismiss', fields: { key }, about: title },
      ]);
    })}
    ${silences.map(({ id, rule, by }) => {
      const about = `${rule ?? 'every rule'}, by ${by}`;
      return titled(`Silence of ${about}`, [{ action: 'alert.end_silence', fields: { silenceId: id }, about }]);
    })}
    ${sinks.map(({ sink }) => titled(sink, [{ action: 'sink.test', fields: { sink }, about: sink }]))}
    ${titled('Any of them', [{ action: 'alert.silence', about: 'some alerts, or all' }])}`;
}
