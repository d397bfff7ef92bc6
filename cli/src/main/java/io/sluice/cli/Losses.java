package io.sluice.cli;

import java.util.List;

/** Which children may be away while the others go on. */
interface Losses {

  /** None. */
  Losses NONE =
      new Losses() {
        @Override
        public boolean bear(List<ChildSpec> ended) {
          return false;
        }

        @Override
        public String advice(ChildSpec ended) {
          return "";
        }
      };

  /**
   * @param ended all that have, the last one last
   */
  boolean bear(List<ChildSpec> ended);

  /** What to do about one that has, in a sentence. */
  String advice(ChildSpec ended);
}
