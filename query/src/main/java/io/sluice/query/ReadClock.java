package io.sluice.query;

import java.time.Duration;

/** The time of those who ask again and wait in between. Any thread may use it. */
interface ReadClock {

  ReadClock SYSTEM =
      new ReadClock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };

  /** Of no particular beginning; it never goes back. */
  long nanos();

  void pause(Duration time) throws InterruptedException;
}
