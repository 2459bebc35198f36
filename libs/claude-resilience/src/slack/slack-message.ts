import type { Alert, AlertMessage } from '../core/alerts/alert.js';

/** Longest text of a section, in characters. */
const LONGEST_SECTION = 3_000;
/** Alerts named in one message: Slack takes 50 blocks, and readers fewer. */
const MOST_LISTED = 20;

const SIGNS = {
  critical: ':red_circle:',
  error: ':large_orange_circle:',
  warning: ':large_yellow_circle:',
  info: ':white_circle:',
};

/** What an incoming webhook takes. @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export interface SlackMessage {
  /** For notifications, and for readers without blocks. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

type SlackBlock =
  | { readonly type: 'header'; readonly text: { readonly type: 'plain_text'; readonly text: string } }
  | { readonly type: 'section'; readonly text: { readonly type: 'mrkdwn'; readonly text: string } }
  | { readonly type: 'context'; readonly elements: readonly { readonly type: 'mrkdwn'; readonly text: string }[] };

export function slackMessage(message: AlertMessage): SlackMessage {
  const { alerts, kind, service, environment, dashboardUrl } = message;
  const more = Math.max(0, alerts.length - MOST_LISTED) + (kind === 'digest' ? message.left : 0);
  const heading = headingOf(message);
  const first = alerts[0] === undefined ? '' : `: ${alerts[0].summary}`;
  const where = `${service}, ${environment}`;
  const dashboard = dashboardUrl === undefined ? '' : ` | ${link(dashboardUrl, 'Dashboard')}`;
  return {
    text: cut(escaped(`${heading}${first} (${where})`)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: heading } },
      ...alerts.slice(0, MOST_LISTED).map((alert) => section(alert, kind)),
      ...(more > 0 ? [context(`and ${more} more`)] : []),
      context(`${escaped(where)}${dashboard}`),
    ],
  };
}

function headingOf({ kind, alerts }: AlertMessage): string {
  const count = alerts.length;
  switch (kind) {
    case 'trigger':
      return count === 1 ? 'Claude alert' : `${count} Claude alerts`;
    case 'resolve':
      return count === 1 ? 'Claude alert resolved' : `${count} Claude alerts resolved`;
    case 'digest':
      return 'Claude alerts outside of business hours, over by now';
    default:
      return kind satisfies never;
  }
}

function section({ severity, title, sentence, runbookUrl }: Alert, kind: AlertMessage['kind']): SlackBlock {
  const sign = kind === 'trigger' ? SIGNS[severity] : ':white_check_mark:';
  const runbook = runbookUrl === undefined ? '' : ` ${link(runbookUrl, 'What to do')}`;
  // What is cut must not be the link.
  const text = cut(`${sign} *${escaped(title)}*\n${escaped(sentence)}`, LONGEST_SECTION - runbook.length);
  return { type: 'section', text: { type: 'mrkdwn', text: `${text}${runbook}` } };
}

const context = (text: string): SlackBlock => ({ type: 'context', elements: [{ type: 'mrkdwn', text }] });

function link(url: string, text: string): string {
  return `<${escaped(url).replace(/\|/g, '%7C')}|${text}>`;
}

/** The three characters that mean something to Slack. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function cut(text: string, longest = LONGEST_SECTION): string {
  if (text.length <= longest) return text;
  // Neither a character nor an entity is cut in two.
  return `${text.slice(0, longest - 1).replace(/(&[a-z]*|[\uD800-\uDBFF])$/, '')}…`;
}
