import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, type CancelTimer } from '../core/clock.port.js';
import { startInterval } from '../system/start-interval.js';

/**
 * Runs what recurs. Where the application imports `ScheduleModule.forRoot()`, it is a named interval of its
 * `SchedulerRegistry`, which can be seen and stopped there; elsewhere it runs by itself. It never imports that module: twice in an
 * application it would double every job.
 */
@Injectable()
export class ClaudeSchedule {
  constructor(
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @param task must not reject; the next one begins only when it is over @returns ends it */
  every(name: string, everyMs: number, task: () => Promise<void>): () => void {
    const registry = this.#registry();
    // A second module in one application has tasks of its own.
    return registry === undefined || registry.doesExist('interval', name)
      ? this.#byClock(everyMs, task)
      : byRegistry(registry, name, everyMs, task);
  }

  #byClock(everyMs: number, task: () => Promise<void>): () => void {
    let isOver = false;
    let cancel: CancelTimer | undefined;
    const wait = () => {
      if (!isOver) cancel = this.clock.afterUnref(everyMs, () => void task().then(wait));
    };
    wait();
    return () => {
      isOver = true;
      cancel?.();
    };
  }

  #registry(): SchedulerRegistry | undefined {
    try {
      return this.modules.get(SchedulerRegistry, { strict: false });
    } catch {
      return undefined; // the application has none
    }
  }
}

function byRegistry(registry: SchedulerRegistry, name: string, everyMs: number, task: () => Promise<void>): () => void {
  let isRunning = false;
  const timer = startInterval(everyMs, () => {
    if (isRunning) return;
    isRunning = true;
    void task().finally(() => (isRunning = false));
  });
  registry.addInterval(name, timer);
  return () => {
    // The registry may have been emptied before, by its own end.
    if (registry.doesExist('interval', name)) registry.deleteInterval(name);
    clearInterval(timer);
  };
}
