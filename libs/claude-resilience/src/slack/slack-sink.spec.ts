import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, resolveOf, toldAlert, triggerOf } from '../testing/alert-message.js';
import { AlertReceiver } from '../testing/alert-receiver.js';
import { describeAlertSink } from '../testing/alert-sink.conformance.js';
import { ManualClock } from '../testing/manual-clock.js';
import { slackMessage } from './slack-message.js';
import { SlackSink } from './slack-sink.js';

const PATH = '/services/T000/B000/s3cretOfTheWebhook';
const ACCEPTED = { status: 200, text: 'ok' };
const make = (url: string) => new SlackSink({ webhookUrl: `${url}${PATH}` }, new ManualClock());
const never = new AbortController().signal;

describeAlertSink({ describe, it, beforeEach, afterEach, expect }, 'SlackSink', {
  accepted: ACCEPTED,
  make,
  secrets: [PATH, 's3cretOfTheWebhook'],
});

describe('SlackSink', () => {
  let receiver: AlertReceiver;
  beforeEach(async () => (receiver = await AlertReceiver.start(ACCEPTED)));
  afterEach(() => receiver.stop());

  it('sends a text and blocks to its webhook', async () => {
    await make(receiver.url).send(triggerOf(toldAlert()), never);
    expect(receiver.received[0]!.path).toBe(PATH);
    expect(receiver.bodies).toEqual([
      {
        text: 'Claude alert: Claude rate limits: 7.2 % of requests in 5 min (36 of 500) (orders-api, prod)',
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: 'Claude alert' } },
          {
            type: 'section',
            text: {
              type: 'mrkdwn',
              text:
                ':large_orange_circle: *Errors of one type above their share*\n' +
                'Claude rate limits: 7.2 % of requests in 5 min (36 of 500); the alert is for more than 5 %. Since 2026-11-22 10:00 UTC. ' +
                '<https://docs.example.org/operating#error_rate|What to do>',
            },
          },
          {
            type: 'context',
            elements: [
              { type: 'mrkdwn', text: 'orders-api, prod | <https://app.example.org/claude/dashboard|Dashboard>' },
            ],
          },
        ],
      },
    ]);
  });

  it('escapes what means something to Slack', () => {
    const { text, blocks } = slackMessage(triggerOf(toldAlert({ summary: '<!channel> & co', sentence: '<@U1> > x' })));
    expect(text).toContain('&lt;!channel&gt; &amp; co');
    expect(JSON.stringify(blocks)).toContain('&lt;@U1&gt; &gt; x');
    expect(`${text}${JSON.stringify(blocks)}`).not.toMatch(/<[!@]/);
  });

  it('says what is over, and what came and went, in one message each', () => {
    const two = [toldAlert(), toldAlert({ key: 'other' })];
    expect(slackMessage(resolveOf([], ...two)).text).toContain('2 Claude alerts resolved');
    const digest = slackMessage(digestOf(7, ...two));
    expect(digest.text).toContain('outside of business hours');
    expect(JSON.stringify(digest.blocks)).toContain('and 7 more');
  });

  it('stays within what Slack takes', () => {
    const many = Array.from({ length: 60 }, () =>
      toldAlert({ sentence: '&'.repeat(5_000), summary: '&'.repeat(5_000) }),
    );
    const { text, blocks } = slackMessage(triggerOf(...many));
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks)).toContain('and 40 more');
    const sections = blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : []));
    for (const part of [text, ...sections]) {
      expect(part.length).toBeLessThanOrEqual(3_000);
      expect(part.replace(/&amp;/g, '')).not.toContain('&');
    }
    expect(sections.every((part) => part.endsWith('|What to do>'))).toBe(true);
  });
});
