package io.sluice.cli.rebalance;

/** What is to be done next of one log; Writers by their place, from 0. */
sealed interface Step {

  /** The Writer is to be ready to get the log. */
  record Adopt(int writer) implements Step {}

  /** It is to be a member, once it has got all of it. */
  record Add(int writer) implements Step {}

  /** It is to be a member no more. */
  record Remove(int writer) implements Step {}

  /** It is to lead. */
  record Lead(int writer) implements Step {}

  /** Something is under way, or away. */
  record Await(String why) implements Step {}

  /** All is as it is to be. */
  record Done() implements Step {}
}
