/**
 * What a machine must have so that Sluice runs on it as it is told to: each check looks at one
 * thing, changes nothing, and says what to change.
 */
@NullMarked
package io.sluice.cli.doctor;

import org.jspecify.annotations.NullMarked;
