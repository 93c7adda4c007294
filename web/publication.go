package web

func (s *Server) publicationRoutes() {}
