/** One of the values known today, or one that the API adds tomorrow. */
export type Open<Known extends string> = Known | (string & {});

/** A JSON object of the tenant's own. */
export type Metadata = Record<string, any>;
