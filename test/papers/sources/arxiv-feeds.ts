/* Small answers of arXiv in each of its forms. */

/** An entry of the query API; `more` is XML beside the usual. */
export function found(id: string, { title = 'A title', summary = 'An abstract.', more = '' } = {}): string {
  return `
  <entry>
    <id>http://arxiv.org/abs/${id}</id>
    <title>${title}</title>
    <updated>2026-11-22T10:00:00Z</updated>
    <link href="https://arxiv.org/abs/${id}" rel="alternate" type="text/html"/>
    <summary>${summary}</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
    <published>2026-11-20T17:59:59Z</published>
    <arxiv:primary_category term="cs.AI"/>
    <author><name>A. Author</name><arxiv:affiliation>A Place</arxiv:affiliation></author>
    <author><name>B. Author</name></author>${more}
  </entry>`;
}

export function queryAnswer(entries: string[], total = entries.length): string {
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id>
  <title>arXiv Query: search_query=&amp;id_list=x</title>
  <opensearch:totalResults>${total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>${entries.join('')}
</feed>
`;
}

export function announcedAtom(id: string, type: string, { title = 'A title', abstract = 'An abstract.' } = {}): string {
  return `
  <entry>
    <id>oai:arXiv.org:${id}</id>
    <title>${title}</title>
    <updated>2026-11-23T05:00:19.899254+00:00</updated>
    <summary>arXiv:${id} Announce Type: ${type}
Abstract: ${abstract}</summary>
    <category term="cs.CL"/>
    <published>2026-11-23T00:00:00-05:00</published>
    <arxiv:announce_type>${type}</arxiv:announce_type>
    <dc:creator>A. Author (A Place, A Country), B. Author, Jr., C. Author</dc:creator>
  </entry>`;
}

export function dailyAtom(entries: string[]): string {
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom">
  <id>http://rss.arxiv.org/atom/cs.CL</id>
  <title>cs.CL updates on arXiv.org</title>${entries.join('')}
</feed>`;
}

export function announcedRss(id: string, type: string): string {
  return `
    <item>
      <title>A title</title>
      <link>https://arxiv.org/abs/${id}</link>
      <description>arXiv:${id} Announce Type: ${type}
Abstract: An abstract.</description>
      <guid isPermaLink="false">oai:arXiv.org:${id}</guid>
      <category>cs.CL</category>
      <pubDate>Mon, 23 Nov 2026 00:00:00 -0500</pubDate>
      <arxiv:announce_type>${type}</arxiv:announce_type>
      <dc:creator>A. Author, B. Author</dc:creator>
    </item>`;
}

export function dailyRss(items: string[]): string {
  return `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.CL updates on arXiv.org</title>
    <skipDays><day>Sunday</day><day>Saturday</day></skipDays>${items.join('')}
  </channel>
</rss>`;
}

/** The API's word of an error, which comes as an entry. */
export const errorAnswer = queryAnswer([
  `<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title>
  <summary>incorrect id format for x</summary><author><name>arXiv api core</name></author></entry>`,
]);

const listed = (id: string, place: number, title: string) => `
<dt>
  <a name='item${place}'>[${place}]</a>
  <a href ="/abs/${id}" title="Abstract" id="${id}">arXiv:${id}</a>
  [<a href="/pdf/${id}" title="Download PDF">pdf</a>, <a href="https://arxiv.org/html/${id}v${place}">html</a>]
</dt>
<dd>
  <div class='meta'>
    <div class='list-title mathjax'><span class='descriptor'>Title:</span>
      ${title}
    </div>
    <div class='list-authors'><a href="https://arxiv.org/a">A. Author</a>, <a href="https://arxiv.org/b">B. Author</a></div>
    <div class='list-comments mathjax'><span class='descriptor'>Comments:</span>
      9 pages
    </div>
    <div class='list-subjects'><span class='descriptor'>Subjects:</span>
      <span class="primary-subject">Artificial Intelligence (cs.AI)</span>; Machine Learning (cs.LG)
    </div>
    <p class='mathjax'>
      An agent&#39;s abstract.
    </p>
  </div>
</dd>`;

/** The page of new papers. */
export const listing = `<!DOCTYPE html><html><body><h3>Showing new listings for Monday, 23 November 2026</h3>
<h3>New submissions (showing 1 of 1 entries)</h3>${listed('2611.00001', 1, 'A title')}
<h3>Cross submissions (showing 1 of 1 entries)</h3>${listed('math/0309136', 2, 'A &lt; B')}
<h3>Replacement submissions (showing 1 of 1 entries)</h3>${listed('2611.00003', 3, 'A title')}
</body></html>`;
