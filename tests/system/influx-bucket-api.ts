/** An answer as `InfluxProxy` sends it. */
interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: object;
}

interface Bucket {
  readonly id: string;
  readonly orgID: string;
  readonly name: string;
  readonly retentionRules: readonly { readonly type: string; readonly everySeconds: number }[];
}

const orgID = '0a1b2c3d4e5f6071';

/**
 * The calls of the InfluxDB 2 API that make a bucket and a mapping, in the shapes its reference gives
 * (https://docs.influxdata.com/influxdb/v2/api/). What they make is a database of the 1.x server behind.
 */
export class InfluxBucketApi {
  readonly buckets: Bucket[] = [];
  readonly mappings: object[] = [];
  /** Whether a bucket is found by InfluxQL under its own name, as the documentation says of later 2.x. */
  mapsByItself = true;
  readonly #makeDatabase: (name: string) => Promise<unknown>;

  constructor(makeDatabase: (name: string) => Promise<unknown>) {
    this.#makeDatabase = makeDatabase;
  }

  addBucket(name: string, everySeconds: number): Bucket {
    const id = String(this.buckets.length + 1).padStart(16, '0');
    const retentionRules = [{ type: 'expire', everySeconds }];
    const bucket = { id, orgID, name, retentionRules };
    this.buckets.push(bucket);
    return bucket;
  }

  async answer(method: string, url: URL, body: string): Promise<Answer | undefined> {
    switch (`${method} ${url.pathname}`) {
      case 'GET /api/v2/orgs':
        return url.searchParams.get('org') === 'kadoru'
          ? answer(200, { orgs: [{ id: orgID, name: 'kadoru' }] })
          : answer(404, { code: 'not found', message: 'organization name not found' });
      case 'GET /api/v2/buckets': {
        const name = url.searchParams.get('name');
        const found = this.buckets.filter((bucket) => bucket.name === name);
        return found.length > 0
          ? answer(200, { buckets: found })
          : answer(404, { code: 'not found', message: `bucket "${name}" not found` });
      }
      case 'POST /api/v2/buckets': {
        const order: Pick<Bucket, 'name' | 'orgID'> = JSON.parse(body);
        if (order.orgID !== orgID) return answer(400, { code: 'invalid', message: 'orgID' });
        if (this.mapsByItself) await this.#makeDatabase(order.name);
        return answer(201, this.addBucket(order.name, 0));
      }
      case 'POST /api/v2/dbrps': {
        const order: { readonly database: string } = JSON.parse(body);
        this.mappings.push(order);
        await this.#makeDatabase(order.database);
        return answer(201, order);
      }
      default:
        return undefined;
    }
  }
}

function answer(status: number, body: object): Answer {
  return { status, headers: {}, body };
}
