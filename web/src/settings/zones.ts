/** The time zones a person can choose from, as the browser knows them. */
export const zones = Intl.supportedValuesOf("timeZone").map((name) => ({ value: name, label: name.replace(/_/g, " ") }));
