"""Search words without punctuation: error codes, addresses and models with hyphens are found

Revision: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SEARCH_WORDS = """
CREATE OR REPLACE FUNCTION repair_requests_search() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    problem text := translate(lower(NEW.problemdescription), 'ё', 'е');
    model text := translate(lower(NEW.techmodel), 'ё', 'е');
    serial text := translate(lower(coalesce(NEW.serialnumber, '')), 'ё', 'е');
BEGIN
    -- A: the problem in word forms; B: the number; C: the client's name, which not everyone may search;
    -- D: words of model and serial number, each word without its hyphens, and each of the two written together.
    -- Only letters and digits are words, as in a query: PostgreSQL reads «E-05» as the number -5.
    NEW.search :=
        setweight(to_tsvector('russian', regexp_replace(problem, '[^0-9a-zа-я]+', ' ', 'g')), 'A')
        || setweight(to_tsvector('simple', NEW.requestid::text), 'B')
        || setweight(to_tsvector('simple', (
            SELECT translate(lower(fullname), 'ё', 'е') FROM users WHERE user_id = NEW.clientid)), 'C')
        || to_tsvector('simple', concat_ws(' ',
            regexp_replace(model || ' ' || serial, '[^0-9a-zа-я]+', ' ', 'g'),
            regexp_replace(model || ' ' || serial, '[^0-9a-zа-я ]+', '', 'g'),
            regexp_replace(model, '[^0-9a-zа-я]+', '', 'g'),
            regexp_replace(serial, '[^0-9a-zа-я]+', '', 'g')));
    RETURN NEW;
END $$
"""


def upgrade():
    op.execute(SEARCH_WORDS.strip())
    op.execute("UPDATE repair_requests SET clientid = clientid")
