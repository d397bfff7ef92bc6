package io.sluice.lake.maintain;

import java.time.Duration;

/** How hard maintenance may work beside others. */
public interface Pace {

  /** As fast as it can, to its end. */
  Pace FULL =
      new Pace() {
        @Override
        public boolean goesOn() {
          return true;
        }

        @Override
        public void rest(Duration worked) {}
      };

  /** False: what is under way is given up, and nothing is begun any more. */
  boolean goesOn();

  /** Called when a piece of work is done; returns when the next one may begin. */
  void rest(Duration worked);
}
